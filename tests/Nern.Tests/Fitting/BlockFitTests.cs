using Nern.Compression;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Representation;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Representation;

namespace Nern.Tests.Fitting;

/// <summary>Fits of a network of 1x1 and 3x3 kernels whose small ones are read in blocks.</summary>
public sealed class BlockFitTests : IDisposable
{
    private static readonly FitOptions Options = FitCase.Options with
    {
        Predictor = FitCase.Options.Predictor with { Hidden = 24, KernelReading = KernelReading.Block },
        Budget = FitCase.Options.Budget with { Steps = 60, EvaluateEvery = 60 },
    };

    private readonly CpuEngine _engine = new();
    private readonly Network _network = RandomNetwork.Of(ExampleGraphs.Build("squeeze"), new Generator(1));
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    [InlineData(OrderingKind.CrossFilter, LayerUnits.PowerOfTwo)]
    public void What_was_fitted_is_saved_loaded_and_reconstructed(OrderingKind ordering, LayerUnits units = LayerUnits.One)
    {
        var (best, evaluation) = Fitted(Options with { Predictor = Options.Predictor with { Ordering = ordering, LayerUnits = units } });

        var path = _folder.File("x.nern");
        NernFile.Save(path, best);
        var loaded = NernFile.Load(path);
        var network = loaded.Reconstruct(_engine);

        Assert.Equal(KernelReading.Block, loaded.Design!.Reading);
        Assert.Equal(units == LayerUnits.PowerOfTwo, loaded.Design.Layout.Exponents.Any(exponent => exponent != 0));
        // 27 and 21 of 3x3; in blocks 3 of 9 channels, 5 of 3 and 4 x 2 of 9 and of 3.
        Assert.Equal(27 + 3 + 5 + 21 + 8, loaded.Design.Layout.Kernels);
        Assert.Equal(evaluation.RelativeError, WeightError.Sum(WeightError.OfLayers(_network, network)).Relative, 1e-5);
        foreach (var (name, tensor) in best.Reconstruct(_engine).Tensors)
            Assert.True(tensor.Data.Span.SequenceEqual(network.Tensors[name].Data.Span), name);
    }

    [Fact]
    public void The_weights_are_learnt_in_as_many_steps_better_than_from_the_middle()
    {
        var options = Options with
        {
            Predictor = Options.Predictor with { Hidden = 40, Ordering = OrderingKind.None },
            Optimizer = Options.Optimizer with { LearningRate = 2e-2 },
            Objective = Options.Objective with { Kd = 0, Fmd = 0 },
            Budget = Options.Budget with { Steps = 300, EvaluateEvery = 300 },
        };

        var (blocks, middle) = (Error(KernelReading.Block), Error(KernelReading.Middle));

        Assert.True(blocks < 0.9 * middle, $"{middle} to {blocks}");

        double Error(KernelReading reading) =>
            Fitted(options with { Predictor = options.Predictor with { KernelReading = reading } }).Evaluation.RelativeError;
    }

    [Theory]
    [InlineData(LayerUnits.One)]
    [InlineData(LayerUnits.PowerOfTwo)]
    public void A_later_round_goes_on_with_the_same_bits(LayerUnits units)
    {
        var options = Options with
        {
            Predictor = Options.Predictor with { LayerUnits = units },
            Budget = Options.Budget with { Rounds = 2, Steps = 12, EvaluateEvery = 2 },
        };
        var whole = Fitted(options).Best.Parameters.ToArray();
        var path = _folder.File("x.checkpoint");
        using (var stop = new CancellationTokenSource())
            new Fit(_engine, _network, Inputs(), options).Run(
                progress =>
                {
                    if (progress.Step == 8)
                        stop.Cancel();
                },
                stop.Token, new() { Path = path, Minutes = 1000 });

        var resumed = new Fit(_engine, _network, Inputs(), options).Run(resume: UnfinishedFit.Load(path)).Best;

        Assert.Equal(whole, resumed.Parameters.ToArray());
    }

    [Theory]
    [InlineData(LayerUnits.One)]
    [InlineData(LayerUnits.PowerOfTwo)]
    public void The_predictor_is_compressed_and_stays_one_of_blocks(LayerUnits units)
    {
        var fitted = Fitted(Options with { Predictor = Options.Predictor with { LayerUnits = units } }).Best;
        using var compressor = new Compressor(
            _engine, _network, Inputs(), new()
            {
                Size = new(4000, IsPercent: false),
                Steps = 24,
                Batch = 4,
                Precision = Precision.Float32,
            },
            fitted);

        var best = compressor.Run().Best;
        var loaded = NernBytes.Load(NernBytes.Of(best));

        Assert.True(loaded.IsSmall);
        Assert.Equal(KernelReading.Block, loaded.Design!.Reading);
        var (before, after) = (fitted.Reconstruct(_engine), loaded.Reconstruct(_engine));
        // Rounded, and distilled for a few steps, it is still the predictor that it was.
        Assert.InRange(WeightError.Sum(WeightError.OfLayers(before, after)).Relative, 0, 0.5);
    }

    private (NeuralRepresentation Best, FitEvaluation Evaluation) Fitted(FitOptions options) =>
        new Fit(_engine, _network, Inputs(), options).Run();

    private FitInputs Inputs() => FitInputs.FromNoise(_network.Graph.InputShape);
}
