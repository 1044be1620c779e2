using Nern.Data;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Representation;
using Nern.Training;
using Nern.Training.Sampling;

namespace Nern.Tests.Training;

public sealed class FitTests : IDisposable
{
    private static readonly FitOptions Options = new()
    {
        Hidden = 8, Depth = 3, EmbeddingLevels = 6, Batch = 4, Kernels = 64, Steps = 6, EvaluateEvery = 2, Kd = 0.01, Fmd = 0.01, Seed = 3,
    };

    private readonly CpuEngine _engine = new();
    private readonly Network _network = ExampleRepresentation.Original(ExampleGraphs.Build("residual B"), new Generator(1));

    private ImageShape Shape => _network.Graph.InputShape;

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(OptimizerKind.Ranger, SamplingKind.Magnitude)]
    [InlineData(OptimizerKind.AdamW, SamplingKind.All)]
    public void All_losses_fall(OptimizerKind optimizer, SamplingKind sampling)
    {
        var options = Options with
        {
            Hidden = 40, Steps = 60, EvaluateEvery = 60, Optimizer = optimizer, Sampling = sampling, Kernels = 256, LearningRate = 0.1,
        };
        using var fit = new Fit(_engine, _network, Inputs(), options);
        var first = fit.Step(distils: true, learningRate: 0);

        fit.Run();

        var last = fit.Step(distils: true, learningRate: 0);
        Assert.True(last.Reconstruction < 0.95 * first.Reconstruction, $"{first} to {last}");
        Assert.True(last.Kd < 0.9 * first.Kd, $"{first} to {last}");
        Assert.True(last.Fmd < 0.9 * first.Fmd, $"{first} to {last}");
    }

    [Fact]
    public void The_learning_rate_rises_at_the_start_and_again_when_distillation_joins()
    {
        var rates = new Dictionary<long, double>();
        using var fit = new Fit(
            _engine, _network, Inputs(), Options with { Warmup = 3, EvaluateEvery = 1, LearningRate = 0.02, FinalLearningRate = 0.02 });

        fit.Run(progress => rates[progress.Step] = progress.LearningRate);

        // Both rise over 200 steps.
        Assert.Equal([1, 2, 3, 1, 2, 3], rates.OrderBy(rate => rate.Key).Select(rate => Math.Round(rate.Value / 0.02 * 200, 3)));
    }

    [Fact]
    public void The_seed_decides_every_bit()
    {
        var parameters = Parameters(Options);
        Assert.Equal(parameters, Parameters(Options));
        Assert.NotEqual(parameters, Parameters(Options with { Seed = 4 }));

        float[] Parameters(FitOptions options)
        {
            using var fit = new Fit(_engine, _network, Inputs(), options);
            return fit.Run().Best.Parameters.ToArray();
        }
    }

    [Fact]
    public void The_representation_is_complete()
    {
        using var fit = new Fit(_engine, _network, Inputs(), Options);

        var (best, evaluation) = fit.Run();

        var network = best.Reconstruct(_engine);
        Assert.Equal(_network.Tensors.Keys, network.Tensors.Keys);
        var (errors, weights) = (0.0, 0.0);
        foreach (var (name, tensor) in _network.Tensors)
            if (best.Design.Layout.Layers.All(layer => layer.Weight != name))
                Assert.Same(tensor, network.Tensors[name]);
            else
            {
                errors += tensor.ToFloats().Zip(network.Values(name), (x, y) => Math.Pow(x - (double)y, 2)).Sum();
                weights += tensor.ToFloats().Sum(x => (double)x * x);
            }
        Assert.Equal(Math.Sqrt(errors / weights), evaluation.RelativeError, 1e-5);
        Assert.Equal("8", best.Provenance.Options!["hidden"]!.ToString());
        Assert.Equal("crossFilter", best.Provenance.Options["ordering"]!.ToString());
    }

    [Fact]
    public void The_best_of_all_evaluations_is_kept()
    {
        var evaluations = new List<FitEvaluation>();
        // So quick a rate that the last parameters are seldom the best.
        using var fit = new Fit(_engine, _network, Inputs(), Options with { LearningRate = 0.5, Steps = 12, EvaluateEvery = 1, FinalLearningRate = 0.5 });

        var (best, evaluation) = fit.Run(progress => Add(evaluations, progress.Evaluation));

        Assert.Equal(12, evaluations.Count);
        Assert.Equal(evaluations.MinBy(e => e.Validation), evaluation);
        Assert.Same(evaluation, evaluations.Last(e => e.IsBest));
        var bestSoFar = double.PositiveInfinity;
        foreach (var e in evaluations)
        {
            Assert.Equal(e.Validation < bestSoFar, e.IsBest);
            bestSoFar = Math.Min(bestSoFar, e.Validation);
        }
        Assert.Equal(evaluation.Validation, Validation(best), 1e-5);

        double Validation(NeuralRepresentation representation)
        {
            using var original = new Nern.Analysis.Classifier(_engine, _network);
            using var reconstruction = new Nern.Analysis.Classifier(_engine, representation.Reconstruct(_engine));
            var images = Inputs().Validation.Span;
            return Nern.Analysis.Agreement.Of(original.Logits(images), reconstruction.Logits(images), 4).MeanDivergence;
        }
    }

    [Fact]
    public void Cancellation_ends_the_fit_after_the_step_and_returns_what_there_is()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<long>();
        using var fit = new Fit(_engine, _network, Inputs(), Options with { Steps = 1_000_000 });

        var (best, evaluation) = fit.Run(
            progress =>
            {
                steps.Add(progress.Step);
                if (progress.Step == 4)
                    source.Cancel();
            },
            source.Token);

        // The evaluation after step 4 asked for the end, or the report before it.
        Assert.InRange(steps[^1], 4, 5);
        Assert.InRange(evaluation.Step, 2, 5);
        Assert.Equal(best.Design.Shape.ParameterCount, best.Parameters.Length);
    }

    [Fact]
    public void A_fit_cancelled_at_once_returns_its_beginning()
    {
        using var fit = new Fit(_engine, _network, Inputs(), Options);
        var first = fit.Predictor.Parameters.ToArray();

        var (best, evaluation) = fit.Run(cancellation: new CancellationToken(canceled: true));

        Assert.Equal(0, evaluation.Step);
        Assert.Equal(first, best.Parameters.ToArray());
    }

    [Fact]
    public void Minutes_end_a_fit()
    {
        FitProgress? last = null;
        using var fit = new Fit(_engine, _network, Inputs(), Options with { Steps = 0, Minutes = 0.3 / 60, EvaluateEvery = 0 });

        fit.Run(progress => last = progress);

        Assert.True(last!.Elapsed >= TimeSpan.FromSeconds(0.3));
        Assert.True(last.Step > 0);
        Assert.Null(last.Steps);
        Assert.Equal(TimeSpan.Zero, last.Remaining);
    }

    [Fact]
    public void Warming_up_uses_no_images()
    {
        var images = new GivenImages(Shape, new float[Shape.Count]);
        var inputs = new FitInputs(images, Inputs().Validation, null, null);
        var given = new List<(long, string, int)>();
        using var fit = new Fit(_engine, _network, inputs, Options with { Warmup = 3, Steps = 5, EvaluateEvery = 1 });

        fit.Run(progress => given.Add((progress.Step, progress.Phase, images.Given)));

        Assert.All(given.Where(entry => entry.Item1 <= 3), entry => Assert.Equal(("warming up", 0), (entry.Item2, entry.Item3)));
        Assert.All(given.Where(entry => entry.Item1 > 3), entry => Assert.Equal(("distilling", (entry.Item1 - 3) * 4), (entry.Item2, entry.Item3)));
        Assert.Equal(5, given[^1].Item1);
    }

    [Fact]
    public void Without_distillation_no_images_are_asked_for()
    {
        var inputs = new FitInputs(new ForbiddenImages(Shape), Inputs().Validation, null, null);
        var phases = new HashSet<string>();
        using var fit = new Fit(_engine, _network, inputs, Options with { Kd = 0, Fmd = 0 });

        var (_, evaluation) = fit.Run(progress => phases.Add(progress.Phase));

        Assert.Equal(["reconstructing"], phases);
        Assert.True(double.IsFinite(evaluation.Validation));
    }

    [Fact]
    public void Test_images_are_evaluated_and_choose_nothing()
    {
        var random = new Generator(8);
        var test = new ImageSet([.. Enumerable.Range(0, 20 * 192).Select(_ => (byte)random.NextInt32(256))], new int[20], 3, 8, 8, 4);
        var normalization = Normalization.ImageNet;
        using var with = new Fit(_engine, _network, new FitInputs(Inputs().Images, Inputs().Validation, test, normalization), Options);
        using var without = new Fit(_engine, _network, Inputs(), Options);

        var (best, evaluation) = with.Run();

        Assert.Equal(20, evaluation.Accuracy!.Value.Count);
        Assert.Equal(20, evaluation.Agreement!.Value.Count);
        Assert.Equal(normalization.Mean, best.Provenance.Mean);
        var (other, plain) = without.Run();
        Assert.Null(plain.Accuracy);
        Assert.Equal(best.Parameters.ToArray(), other.Parameters.ToArray());
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void From_step_to_step_nothing_is_allocated(Precision precision)
    {
        // Each step asks once for images.
        var images = new GivenImages(Shape, new float[Shape.Count]);
        using var fit = new Fit(
            _engine, _network, new FitInputs(images, Inputs().Validation, null, null),
            Options with { Precision = precision, Steps = 10, Warmup = 0, EvaluateEvery = 1000 });

        fit.Run();

        Assert.Equal(10, images.AllocatedBefore.Count);
        Assert.Single(images.AllocatedBefore.Skip(3).Distinct());
    }

    [Fact]
    public void A_step_without_distillation_allocates_nothing()
    {
        using var fit = new Fit(_engine, _network, Inputs(), Options);
        fit.Step(distils: false, 1e-3f);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++)
            fit.Step(distils: false, 1e-3f);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_fit_that_diverges_says_at_which_step()
    {
        // A feature that is not a number reaches the losses as soon as distillation joins.
        var broken = _network.With(new Dictionary<string, float[]> { ["linear.weight"] = [.. Enumerable.Repeat(float.NaN, 48)] });
        using var fit = new Fit(_engine, broken, Inputs(), Options with { Warmup = 3, EvaluateEvery = 100 });

        var message = Assert.Throws<NernException>(() => fit.Run()).Message;

        Assert.StartsWith("The fit diverged at step 4 (", message);
        Assert.Contains("kd NaN", message);
        Assert.Contains("0.003", message);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        Assert.Equal(
            "Distillation needs inputs: images or noise.",
            Refused(new FitInputs(null, Inputs().Validation, null, null), Options));
        Assert.Contains("takes images of 3x8x8; these are 3x8x9", Refused(FitInputs.FromNoise(new(3, 8, 9)), Options));
        Assert.Contains("Hidden", Refused(Inputs(), Options with { Hidden = 0 }), StringComparison.OrdinalIgnoreCase);
        var weight = new float[_network.Tensors["conv1.weight"].Count];
        weight[5] = float.NaN;
        var broken = _network.With(new Dictionary<string, float[]> { ["conv1.weight"] = weight });
        Assert.Contains("finite", Assert.Throws<NernException>(() => new Fit(_engine, broken, Inputs(), Options)).Message);

        string Refused(FitInputs inputs, FitOptions options) => Assert.Throws<NernException>(() =>
        {
            using var fit = new Fit(_engine, _network, inputs, options);
            fit.Run();
        }).Message;
    }

    private FitInputs Inputs()
    {
        var random = new Generator(7);
        float[] images = [.. RandomNetwork.Uniform(40 * Shape.Count, random).Select(value => (float)value)];
        return new(new GivenImages(Shape, images[..(32 * Shape.Count)]), images.AsMemory(32 * Shape.Count), null, null);
    }

    private static void Add(List<FitEvaluation> evaluations, FitEvaluation? evaluation)
    {
        if (evaluation is not null && !evaluations.Contains(evaluation))
            evaluations.Add(evaluation);
    }
}
