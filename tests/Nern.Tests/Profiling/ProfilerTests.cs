using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Profiling;
using Nern.Tests.Engine.Reference;
using Nern.Training;

namespace Nern.Tests.Profiling;

public sealed class ProfilerTests : IDisposable
{
    // Many micro-batches: pieces are those of the first thread, which might get none of a few.
    private static readonly FitOptions Options = new()
    {
        Predictor = new() { Hidden = 8, Depth = 3, EmbeddingLevels = 4 },
        Inputs = new() { Batch = 128 },
        Sampling = new() { Kernels = 32, DistillationKernels = 32 },
        Budget = new() { Steps = 1 },
    };

    private readonly CpuEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void A_profile_accounts_for_steps_and_the_work_between(Precision precision)
    {
        Skip.IfNot(precision == Precision.Float32 || _engine.SupportsBFloat16);
        var graph = ExampleGraphs.Build("residual B");

        var profile = Profiler.TrainingStep(_engine, graph, Options with { Precision = precision }, steps: 4);

        Assert.Equal((4, 0), (profile.Seconds.Count, profile.AllocatedBytes));
        Assert.All(profile.Seconds, seconds => Assert.True(seconds > 0));
        Assert.Equal(profile.Pieces.OrderByDescending(piece => piece.Seconds), profile.Pieces);
        string[] expected = ["convolution forward", "predictor matmul", "images", "losses", "optimiser", "sampling"];
        Assert.Superset(expected.ToHashSet(), profile.Pieces.Select(piece => piece.Kind).ToHashSet());
        Assert.All(profile.Pieces, piece => Assert.Equal(piece.FloatingPointOperations > 0, piece.FloorSeconds > 0));
    }

    [Fact]
    public void The_floor_of_the_whole_batch_is_measured_where_it_is_asked_for()
    {
        var graph = ExampleGraphs.Build("residual B");

        var without = Profiler.TrainingStep(_engine, graph, Options, steps: 2);
        var with = Profiler.TrainingStep(_engine, graph, Options, steps: 2, wholeBatch: true);

        Assert.Null(without.WholeBatchFloorShare);
        Assert.Equal(2, with.WholeBatchFloors.Count);
        Assert.True(with.WholeBatchFloorShare > 0);
    }

    [Fact]
    public void A_step_without_distillation_has_no_images()
    {
        var graph = ExampleGraphs.Build("residual B");

        var profile = Profiler.TrainingStep(_engine, graph, Options with
        {
            Objective = Options.Objective with { Kd = 0, Fmd = 0 },
        }, steps: 1);

        Assert.DoesNotContain(profile.Pieces, piece => piece.Kind is "images" or "convolution forward");
    }

    [Fact]
    public void A_step_that_refreshes_a_share_counts_the_products_of_that_share()
    {
        // Tiles of all kernels, or of a tenth of them, and the batch's shares.
        var graph = CifarResNet.Build(20);
        var options = Options with
        {
            Inputs = Options.Inputs with { Batch = 1 },
            Predictor = Options.Predictor with { Ordering = OrderingKind.None },
            Precision = Precision.Float32,
        };
        var kernels = LearnableLayer.AllOf(graph).Sum(layer => layer.Kernels);

        var whole = Products(options);
        var share = Products(options with { Sampling = options.Sampling with { Refresh = 0.1 } });

        var shares = PredictorPlan.Shares(options.Sampling.Kernels, ParallelRegion.Threads, gradient: 1);
        Assert.Equal(2 * (((kernels + 511) / 512) + shares), whole.Runs);
        Assert.Equal(2 * ((((kernels / 10) + 511) / 512) + shares), share.Runs);
        Assert.InRange((whole.FloatingPointOperations - share.FloatingPointOperations) / (0.9 * kernels * 2 * ((8 * 8) + (8 * 9))), 0.99,
            1.01);

        ProfilePiece Products(FitOptions options) =>
            Profiler.TrainingStep(_engine, graph, options, steps: 2).Pieces.Single(piece => piece.Kind == "predictor matmul");
    }

    [Fact]
    public void A_prediction_counts_the_products_of_every_tile()
    {
        // Ten tiles: one holds 512 kernels at most.
        LearnableLayer[] layers = [new("a", 64, 80, 3, 3)];

        var profile = Profiler.Prediction(_engine, layers, Options);

        Assert.Equal(5120 * 2.0 * ((8 * 8) + (8 * 9)), profile.FloatingPointOperations);
        Assert.Equal(20, profile.Pieces.Single(piece => piece.Kind == "predictor matmul").Runs);
        // Nothing for each kernel or tile. The runtime may allocate at a first use, and does so in one of a few predictions, not in each.
        Assert.Contains(Enumerable.Range(0, 5), _ => Profiler.Prediction(_engine, layers, Options).AllocatedBytes == 0);
    }

    [Fact]
    public void An_untrained_network_keeps_the_scale_of_its_values()
    {
        var network = UntrainedNetwork.Create(CifarResNet.Build(8), new Generator(1));

        var weights = network.Values("layer3.0.conv2.weight");
        Assert.Equal(2.0 / (64 * 9), weights.Sum(weight => (double)weight * weight) / weights.Length, 1e-4);
        Assert.All(network.Values("layer1.0.bn1.weight").Concat(network.Values("layer1.0.bn1.running_var")), value =>
            Assert.Equal(1, value));
        Assert.All(network.Values("layer1.0.bn1.running_mean").Concat(network.Values("linear.bias")), value => Assert.Equal(0, value));
    }
}
