using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Kernels;
using Nern.Networks;
using Nern.OneDnn.Tests.References;
using Nern.Optimizers;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Pruning;
using Nern.Representation;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Prediction;
using Nern.Tests.Representation;

namespace Nern.Tests.Fitting;

public sealed class FitStartTests : IDisposable
{
    private readonly FitCase _case = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _case.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, int> Variants
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var variant in Designs.Keys)
                foreach (var more in new[] { 0, 1, 9 })
                    data.Add(variant, more);
            return data;
        }
    }

    private static readonly Dictionary<string, PredictorOptions> Designs = new()
    {
        ["plain"] = FitCase.Options.Predictor,
        ["gelu, residual"] = FitCase.Options.Predictor with { Activation = Activation.Gelu, Skip = SkipKind.Residual },
        ["sine, input"] = FitCase.Options.Predictor with { Activation = Activation.Sine, Skip = SkipKind.Input, Depth = 4 },
        ["two layers, in-filter"] = FitCase.Options.Predictor with { Depth = 2, Ordering = OrderingKind.InFilter },
        ["random features, global"] = FitCase.Options.Predictor with
        {
            EmbeddingKind = EmbeddingKind.Gaussian,
            EmbeddingScales = new(1, 2, 0.5),
            Coordinates = CoordinateNormalization.Global,
        },
        ["averages, unordered"] = FitCase.Options.Predictor with { KernelReading = KernelReading.Average, Ordering = OrderingKind.None },
        ["in units of the layers"] = FitCase.Options.Predictor with { LayerUnits = LayerUnits.PowerOfTwo },
        ["of a layer"] = FitCase.Options.Predictor with { Layers = LayerSelection.Parse("conv2") },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_fit_begins_with_the_predictions_of_its_start(string variant, int more)
    {
        var start = Fitted(FitCase.Options with { Predictor = Designs[variant] });
        // Another network, another seed, other options of all but the predictor.
        var options = FitCase.Options with { Seed = 77, Predictor = PredictorOptions.Of(start) with { Hidden = 8 + more } };
        using var plan = new PredictorPlan(_case.Engine, start.Design!, Nern.Engine.Precision.Float32);
        start.Parameters.Span.CopyTo(plan.Parameters);
        plan.ParametersChanged();

        using var round = FitRound.Prepare(_case.Engine, Retrained(), _case.Inputs(), options, Begin(start));

        var predictor = round.Step.Predictor;
        Assert.Equal(8 + more, predictor.Shape.Hidden);
        if (more == 0)
            Assert.Equal(start.Parameters.ToArray(), predictor.Parameters.ToArray());
        var (expected, actual) = (new float[plan.Kernels * plan.Shape.Outputs], new float[plan.Kernels * plan.Shape.Outputs]);
        plan.PredictAll(expected);
        predictor.PredictAll(actual);
        Closeness.AssertClose(PredictorCase.Doubles(expected), PredictorCase.Doubles(actual), 1e-6);
    }

    [Fact]
    public void Zeros_stay_where_that_is_asked_for()
    {
        var start = Fitted(FitCase.Options).Prune(0.5);
        var options = FitCase.Options with { Predictor = PredictorOptions.Of(start), Optimizer = FitCase.Options.Optimizer with { KeepZeros = true } };
        var weights = start.Design!.Shape.Weights.SelectMany(weight => Enumerable.Range(weight.Offset, weight.Count)).ToArray();
        var pruned = weights.Where(place => start.Parameters.Span[place] == 0).ToArray();

        var (kept, free) = (AfterSteps(options), AfterSteps(options with { Optimizer = FitCase.Options.Optimizer }));

        Assert.All(pruned, place => Assert.Equal(0, BitConverter.SingleToInt32Bits(kept[place])));
        Assert.Contains(weights, place => kept[place] != start.Parameters.Span[place]);
        Assert.Contains(pruned, place => free[place] != 0);

        float[] AfterSteps(FitOptions options)
        {
            using var round = FitRound.Prepare(_case.Engine, Retrained(), _case.Inputs(), options, Begin(start));
            for (var step = 0; step < 3; step++)
                round.Step.Run(options.Objective.Weights, 1e-3f);
            return round.Step.Predictor.Parameters.ToArray();
        }
    }

    [Fact]
    public void Zeros_of_nothing_are_not_kept()
    {
        var start = Fitted(FitCase.Options).Prune(0.5);
        var options = FitCase.Options with { Predictor = PredictorOptions.Of(start), Optimizer = FitCase.Options.Optimizer with { KeepZeros = true } };
        Refused(options, null);
        Refused(options with { Predictor = options.Predictor with { Hidden = 9 } }, start);
        Refused(options with { Budget = options.Budget with { Rounds = 2 } }, start);

        void Refused(FitOptions options, NeuralRepresentation? start) => Assert.Contains(
            "Zeros are kept of a predictor to begin with",
            Assert.Throws<NernException>(() => new Fit(_case.Engine, Retrained(), _case.Inputs(), options, start).Run()).Message);
    }

    [Fact]
    public void Units_that_are_added_take_part_after_some_steps()
    {
        var start = Fitted(FitCase.Options);
        var options = FitCase.Options with { Predictor = PredictorOptions.Of(start) with { Hidden = 12 } };
        using var round = FitRound.Prepare(_case.Engine, Retrained(), _case.Inputs(), options, Begin(start));
        Assert.All(Outgoing(), value => Assert.Equal(0, value));

        for (var step = 0; step < 3; step++)
            round.Step.Run(options.Objective.Weights, 1e-3f);

        Assert.All(Outgoing(), value => Assert.NotEqual(0, value));

        float[] Outgoing()
        {
            var (shape, parameters) = (round.Step.Predictor.Shape, round.Step.Predictor.Parameters.ToArray());
            return [.. Enumerable.Range(0, shape.Outputs).SelectMany(
                row => parameters.Skip(shape.WeightOffset(shape.Depth - 1) + (row * 12) + 8).Take(4))];
        }
    }

    [Fact]
    public void The_result_is_never_further_from_the_original_than_the_start()
    {
        var optimizer = FitCase.Options.Optimizer with { Kind = OptimizerKind.AdamW };
        var start = Fitted(FitCase.Options with { Budget = FitCase.Options.Budget with { Steps = 100 }, Optimizer = optimizer });
        var evaluations = new List<FitEvaluation>();

        // Such a rate makes everything worse.
        var (best, evaluation) = new Fit(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with
        {
            Predictor = PredictorOptions.Of(start),
            Optimizer = optimizer with { LearningRate = 5 },
        }, start).Run(progress => evaluations.Add(progress.Evaluation!));

        Assert.Equal((0, true), (evaluation.Step, evaluation.IsBest));
        Assert.Equal(start.Parameters.ToArray(), best.Parameters.ToArray());
        Assert.Equal([0, 2, 4, 6], evaluations.Select(e => e.Step).Distinct());
    }

    [Fact]
    public void Stopped_at_once_it_gives_the_start_back_with_what_is_not_predicted_of_the_network()
    {
        var (start, network) = (Fitted(FitCase.Options), Retrained());

        var options = FitCase.Options with { Predictor = PredictorOptions.Of(start) };
        var (best, _) = new Fit(_case.Engine, network, _case.Inputs(), options, start)
            .Run(cancellation: new CancellationToken(canceled: true));

        Assert.Equal(start.Parameters.ToArray(), best.Parameters.ToArray());
        Assert.Equal(
            network.Values("linear.weight"), best.Tensors.Single(tensor => tensor.Key == "linear.weight").Value!.ToFloats());
    }

    [Theory]
    [InlineData(FilterMeans.Stored)]
    [InlineData(FilterMeans.Predicted)]
    public void Means_of_filters_that_are_stored_are_those_of_the_network_now(FilterMeans before)
    {
        var start = Fitted(FitCase.Options with { Predictor = FitCase.Options.Predictor with { FilterMeans = before } });
        var (network, predictor) = (Retrained(), PredictorOptions.Of(start));
        Assert.Equal(before, predictor.MeansFrom);

        // They may be asked for where the start has none.
        var options = FitCase.Options with { Predictor = predictor with { FilterMeans = FilterMeans.Stored } };
        var (best, _) = new Fit(_case.Engine, network, _case.Inputs(), options, start).Run(cancellation: new CancellationToken(canceled: true));

        var layer = best.Design!.Layout.Layers[0];
        var filter = network.Values(layer.Weight)[..(layer.Channels * layer.KernelSize)];
        Assert.Equal(filter.Average(), best.Design.Layout.Means![0].Span[0], 1e-6);
        Assert.Equal(filter.Average(), best.Reconstruct().Values(layer.Weight)[..filter.Length].Average(), 1e-6);
    }

    [Fact]
    public void A_small_representation_is_a_start_by_its_values()
    {
        var small = SmallExample.Predicted(Fitted(FitCase.Options));

        using var round = FitRound.Prepare(
            _case.Engine, _case.Network, _case.Inputs(), FitCase.Options with { Predictor = PredictorOptions.Of(small) }, Begin(small));

        Assert.Equal(small.Parameters.ToArray(), round.Step.Predictor.Parameters.ToArray());
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public void What_it_began_with_is_recorded(int hidden, bool draws)
    {
        var start = Fitted(FitCase.Options with { Predictor = Designs["random features, global"] });
        var bytes = NernBytes.Of(start);

        var (best, _) = new Fit(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with
        {
            Predictor = PredictorOptions.Of(start) with { Hidden = hidden },
        }, start).Run();

        var recorded = best.Provenance.Options!;
        Assert.Contains($"\"nern.digest\":\"{(string?)recorded["from"]}\"", System.Text.Encoding.Latin1.GetString(bytes));
        Assert.Equal(draws, recorded.ContainsKey("initialization"));
        Assert.Equal(
            (hidden, "crossFilter", "gaussian"),
            ((int)recorded["hidden"]!, (string?)recorded["ordering"], (string?)recorded["embeddingKind"]));
        // The frequencies' own deviations, whatever they were drawn with.
        var layer = ((GaussianEmbedding)start.Design!.Embedding).Frequencies.ToArray()[..6];
        Assert.Equal(Math.Sqrt(layer.Average(value => (double)value * value)), (double)recorded["embeddingScales"]!["layer"]!, 1e-6);
        Assert.Null(start.Provenance.Options!["from"]);
    }

    [Fact]
    public void A_later_round_draws_its_own_predictor_and_records_the_start()
    {
        var start = Fitted(FitCase.Options);
        var options = FitCase.Options with
        {
            Predictor = PredictorOptions.Of(start),
            Budget = FitCase.Options.Budget with { Rounds = 2, Steps = 12 },
            Objective = FitCase.Options.Objective with { Kd = 0, Fmd = 0 },
        };
        var round = options with { Budget = options.Budget with { Rounds = 1, Steps = 6 } };
        var first = new Fit(_case.Engine, _case.Network, _case.Inputs(), round, start).Run().Best;
        var second = new Fit(
            _case.Engine, first.Reconstruct(), _case.Inputs(), round with { Seed = options.Seed + 1 }).Run().Best;

        var both = new Fit(_case.Engine, _case.Network, _case.Inputs(), options, start).Run().Best;

        Assert.Equal(second.Parameters.ToArray(), both.Parameters.ToArray());
        Assert.Equal(
            ((string?)first.Provenance.Options!["from"], "matched"),
            ((string?)both.Provenance.Options!["from"], (string?)both.Provenance.Options["initialization"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_fit_that_was_stopped_goes_on_with_the_same_start_to_the_same_bits_and_with_no_other(long stopAt)
    {
        var (start, other) = (Fitted(FitCase.Options), Fitted(FitCase.Options with { Seed = 8 }));
        var options = FitCase.Options with
        {
            Predictor = PredictorOptions.Of(start) with { Hidden = 10 },
            Budget = FitCase.Options.Budget with { EvaluateEvery = 1 },
        };
        var whole = Run(start, null, null);
        var checkpoint = _folder.File("x.checkpoint");

        Run(start, null, stopAt);
        var unfinished = UnfinishedFit.Load(checkpoint);

        Assert.Equal(whole, Run(start, unfinished, null));
        Assert.StartsWith($"'{checkpoint}' was made with other options: from was \"", Refused(other));
        Assert.EndsWith(" but is not given now.", Refused(null));

        string Refused(NeuralRepresentation? from) => Assert.Throws<NernException>(() => Run(from, unfinished, null)).Message;

        float[] Run(NeuralRepresentation? from, UnfinishedFit? resume, long? stopAt)
        {
            using var stop = new CancellationTokenSource();
            return new Fit(_case.Engine, _case.Network, FitCase.Images(), options, from).Run(
                progress =>
                {
                    if (progress.Step == stopAt)
                        stop.Cancel();
                },
                stop.Token, new() { Path = _folder.File(stopAt is null ? "y.checkpoint" : "x.checkpoint"), Minutes = 1000 }, resume)
                .Best.Parameters.ToArray();
        }
    }

    [Fact]
    public void What_contradicts_the_start_is_refused_with_both_values()
    {
        const string Name = "The representation to begin with";
        var start = Fitted(FitCase.Options);
        var own = PredictorOptions.Of(start);
        Assert.Equal(
            $"{Name} has a predictor of hidden size 8, which may grow and not shrink; asked for is hidden 7.",
            Refused(own with { Hidden = 7 }));
        Assert.Equal(
            $"{Name} has a predictor with depth 3; only hidden may grow, and means of filters be added; asked for is depth 4.",
            Refused(own with { Depth = 4 }));
        Assert.Contains("activation relu; only hidden", Refused(own with { Activation = Activation.Gelu }));
        Assert.Contains("asked for is skip residual", Refused(own with { Skip = SkipKind.Residual }));
        Assert.Contains("ordering cross-filter; only hidden", Refused(own with { Ordering = OrderingKind.None }));
        Assert.Contains("asked for is coordinates global", Refused(own with { Coordinates = CoordinateNormalization.Global }));
        Assert.Contains("embedding-base 1.1; only hidden", Refused(own with { EmbeddingBase = 1.2 }));
        Assert.Contains("asked for is embedding-levels 7", Refused(own with { EmbeddingLevels = 7 }));
        Assert.Contains("asked for is embedding-kind gaussian", Refused(own with { EmbeddingKind = EmbeddingKind.Gaussian }));
        Assert.Contains("kernel-reading middle; only hidden", Refused(own with { KernelReading = KernelReading.Max }));
        Assert.Equal(
            $"{Name} predicts the layer 'conv2', which the layers 'conv1' leave out.",
            Refused(own with { Layers = LayerSelection.Parse("conv1") }));
        start = Fitted(FitCase.Options with { Predictor = Designs["random features, global"] });
        Assert.Contains(
            "asked for is embedding-scales {\"layer\":3,", Refused(PredictorOptions.Of(start) with { EmbeddingScales = new(3, 2, 1) }));

        string Refused(PredictorOptions options) => Assert.Throws<NernException>(
            () => new Fit(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with { Predictor = options }, start).Run()).Message;
    }

    [Fact]
    public void A_network_of_other_layers_is_refused_by_the_layer()
    {
        var start = new FitStart(ExampleRepresentation.Create(OrderingKind.None), "'x.nern'");
        var options = start.Options(new());
        Assert.Equal(
            "'x.nern' predicts the layer 'conv1' with 6 x 3 kernels of 3x3; in the network it has 7 x 3 kernels of 3x3.",
            Refused(ExampleGraphs.Short()));
        Assert.Equal(
            "'x.nern' predicts the layer 'shortcut'; the network has no convolution of that name.",
            Refused(ExampleGraphs.Build("residual A")));
        start = new(ExampleRepresentation.Create(OrderingKind.None, "residual A"), "'x.nern'");
        Assert.Equal(
            "'x.nern' does not predict the layer 'shortcut' of the network, which the layers 'all' include.",
            Refused(ExampleGraphs.Build("residual B")));
        // What it does not predict may be anything.
        start.Check(options with { Layers = LayerSelection.Parse("-shortcut") }, ExampleGraphs.Build("residual B"));

        string Refused(Graph network) => Assert.Throws<NernException>(() => start.Check(options, network)).Message;
    }

    [Fact]
    public void A_representation_without_predictor_is_refused() => Assert.Equal(
        "The representation to begin with has no predictor to begin with: none of its layers is predicted.",
        Assert.Throws<NernException>(() => PredictorOptions.Of(SmallExample.Named())).Message);

    private NeuralRepresentation Fitted(FitOptions options) => new Fit(_case.Engine, _case.Network, _case.Inputs(), options).Run().Best;

    private RoundStart Begin(NeuralRepresentation start) => RoundStart.First(_case.Network) with { From = new(start) };

    /// <summary>The network with all numbers a little different.</summary>
    private Network Retrained()
    {
        var random = new Generator(9);
        return _case.Network.With(_case.Network.Graph.Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => Array.ConvertAll(
                _case.Network.Values(parameter.Name), value => value * (float)(1 + (0.1 * random.NextDouble())))));
    }
}
