using Nern.Engine;
using Nern.Fitting;
using Nern.Fitting.Sampling;
using Nern.Kernels;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Optimizers;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Fitting;
using Nern.Tests.Prediction;

namespace Nern.Tests.Objectives;

/// <summary>One step of a fit against the whole objective in float64: prediction, both networks, all losses, and the way back.</summary>
public sealed class ObjectiveChainTests
{
    private static readonly FitOptions Options = new()
    {
        Predictor = new()
        {
            Hidden = 8,
            Depth = 3,
            EmbeddingLevels = 4,
            KernelReading = KernelReading.Middle,
            Initialization = Initialization.Matched,
            Ordering = OrderingKind.CrossFilter
        },
        Inputs = new() { Batch = 4 },
        Sampling = new() { Kind = SamplingKind.All },
        Optimizer = new() { Kind = OptimizerKind.AdamW },
        Budget = new() { Steps = 1 },
        Objective = new()
        {
            Kd = 0.5,
            Fmd = 0.3,
            KdForm = LogitLossForm.Stable,
            ReconstructionForm = ReconstructionLossForm.RootMeanSquare
        },
        Precision = Precision.Float32,
    };

    public static IEnumerable<object[]> Cases =>
        from graph in new[]
        {
            "residual A", "residual B", "squeeze", "ceilings", "many groups", "functions", "factors", "slices", "one logit",
        }
        from variant in Variants.Keys
        where graph == "residual B" || variant == "all" || (graph is "squeeze" or "many groups" && variant.Contains("blocks"))
            || (graph == "one logit" && variant is "logits" or "other forms")
        select new object[] { graph, variant };

    private static readonly Dictionary<string, FitOptions> Variants = new()
    {
        ["all"] = Options,
        ["reconstruction"] = Options with { Objective = Options.Objective with { Kd = 0, Fmd = 0 } },
        ["logits"] = Options with { Objective = Options.Objective with { Fmd = 0, Kd = 2 } },
        ["maps"] = Options with { Objective = Options.Objective with { Kd = 0, Fmd = 2 } },
        ["other forms"] = Options with
        {
            Objective = Options.Objective with
            {
                KdForm = LogitLossForm.Exact,
                ReconstructionForm = ReconstructionLossForm.NormOverCount,
                FmdForm = FeatureMapLossForm.Exact
            },
        },
        ["mean square"] = Options with { Objective = Options.Objective with { ReconstructionForm = ReconstructionLossForm.MeanSquare } },
        ["weighted"] = Options with { Objective = Options.Objective with { Reconstruction = 0.6, Weighting = KernelWeighting.Layer } },
        ["without reconstruction"] = Options with { Objective = Options.Objective with { Reconstruction = 0 } },
        ["sums once"] = Options with { Objective = Options.Objective with { SumsTwice = false } },
        ["five layers"] = Options with
        {
            Predictor = Options.Predictor with { Depth = 5, Hidden = 13, Initialization = Initialization.Torch },
        },
        ["sines"] = Options with { Predictor = Options.Predictor with { Activation = Activation.Sine } },
        ["skips"] = Options with
        {
            Predictor = Options.Predictor with { Activation = Activation.Silu, Skip = SkipKind.Residual, Depth = 4 },
        },
        ["random features"] = Options with
        {
            Predictor = Options.Predictor with { EmbeddingKind = EmbeddingKind.Gaussian, EmbeddingScales = new(1, 2, 3) },
        },
        ["pooled by mean"] = Options with { Predictor = Options.Predictor with { KernelReading = KernelReading.Average } },
        ["in blocks"] = Options with { Predictor = Options.Predictor with { KernelReading = KernelReading.Block } },
        ["in unsorted blocks"] = Options with
        {
            Predictor = Options.Predictor with { KernelReading = KernelReading.Block, ValueOrder = ValueOrder.None },
        },
        ["unsorted"] = Options with { Predictor = Options.Predictor with { ValueOrder = ValueOrder.None } },
        ["means predicted, values as they are"] = Options with
        {
            Predictor = Options.Predictor with { FilterMeans = FilterMeans.Predicted, ValueOrder = ValueOrder.None },
        },
        ["no order, means stored"] = Options with
        {
            Predictor = Options.Predictor with { Ordering = OrderingKind.None, FilterMeans = FilterMeans.Stored },
        },
        ["pooled by mean, unsorted"] = Options with
        {
            Predictor = Options.Predictor with { KernelReading = KernelReading.Average, ValueOrder = ValueOrder.None },
        },
        ["in units of the layers"] = Options with { Predictor = Options.Predictor with { LayerUnits = LayerUnits.PowerOfTwo } },
        ["some blocks, in units of the layers, weighted"] = Options with
        {
            Predictor = Options.Predictor with { KernelReading = KernelReading.Block, LayerUnits = LayerUnits.PowerOfTwo },
            Objective = Options.Objective with { Weighting = KernelWeighting.Layer },
            Sampling = Options.Sampling with { Kind = SamplingKind.Uniform, Kernels = 50 },
        },
        ["some blocks, without an order"] = Options with
        {
            Predictor = Options.Predictor with { KernelReading = KernelReading.Block, Ordering = OrderingKind.None },
            Sampling = Options.Sampling with { Kind = SamplingKind.Uniform, Kernels = 50 },
        },
        ["blocks, weighted"] = Options with
        {
            Predictor = Options.Predictor with { KernelReading = KernelReading.Block, Ordering = OrderingKind.InFilter },
            Objective = Options.Objective with { Weighting = KernelWeighting.Layer },
        },
        // Drawn biases: without them a row whose hidden values are all zero has nine equal maxima, where there is no slope.
        ["pooled by maximum"] = Options with
        {
            Predictor = Options.Predictor with { KernelReading = KernelReading.Max, Initialization = Initialization.Torch },
        },
        ["in-filter"] = Options with { Predictor = Options.Predictor with { Ordering = OrderingKind.InFilter } },
        ["no order"] = Options with { Predictor = Options.Predictor with { Ordering = OrderingKind.None } },
        ["several micro-batches"] = Options with { Inputs = Options.Inputs with { Batch = 16 } },
        // A prime: 37 of one image.
        ["more micro-batches than shares"] = Options with { Inputs = Options.Inputs with { Batch = 37 } },
        ["more kernels than on the weights"] = Options with
        {
            Sampling = Options.Sampling with { Kind = SamplingKind.Uniform, Kernels = 20, DistillationKernels = 70 },
        },
        ["some kernels"] = Options with { Sampling = Options.Sampling with { Kind = SamplingKind.Uniform, Kernels = 50 } },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_has_the_losses_and_the_gradient_of_the_paper_s_objective(string graph, string variant)
    {
        var options = Variants[variant];
        var (losses, gradient, reference, parameters, kernels) = Step(graph, options);

        var expected = reference.Losses(parameters);
        Assert.Equal(expected.Reconstruction, losses.Reconstruction, expected.Reconstruction * 1e-5);
        if (options.Objective.Weights.Distils)
            Assert.Equal(expected.Kd, losses.Kd, expected.Kd * 1e-5);
        Assert.Equal(options.Objective.Fmd > 0 ? expected.Fmd : 0, losses.Fmd, expected.Fmd * 1e-5);
        Closeness.AssertClose(reference.Gradient(parameters, kernels), gradient, 1e-5, "gradient");
    }

    [SkippableTheory]
    [InlineData("residual A")]
    [InlineData("residual B")]
    [InlineData("squeeze")]
    [InlineData("ceilings")]
    [InlineData("many groups")]
    public void A_step_in_bfloat16_goes_the_same_way(string graph)
    {
        using (var engine = new CpuEngine())
            Skip.IfNot(engine.SupportsBFloat16, "oneDNN has no right bfloat16 on this processor.");
        var (losses, gradient, reference, parameters, kernels) = Step(graph, Options with
        {
            Precision = Precision.BFloat16,
            Inputs = Options.Inputs with { Batch = 16 },
        });

        var expected = reference.Losses(parameters);
        Assert.Equal(expected.Reconstruction, losses.Reconstruction, expected.Reconstruction * 2e-3);
        Assert.Equal(expected.Kd, losses.Kd, expected.Kd * 1e-2);
        Assert.Equal(expected.Fmd, losses.Fmd, expected.Fmd * 2e-3);
        // A ReLU that opens in only one of the two is a whole term, so it is the gradient as a whole that must be the same.
        var direction = reference.Gradient(parameters, kernels);
        var error = Math.Sqrt(direction.Zip(gradient, (x, y) => (x - y) * (x - y)).Sum() / direction.Sum(x => x * x));
        Assert.True(error < 2e-2, $"The gradient differs by {error:g3}.");
    }

    [Theory]
    [InlineData("residual B", "all")]
    [InlineData("residual B", "means predicted, values as they are")]
    [InlineData("residual B", "other forms")]
    [InlineData("residual B", "mean square")]
    [InlineData("residual B", "sums once")]
    [InlineData("residual B", "weighted")]
    [InlineData("residual B", "five layers")]
    [InlineData("residual B", "pooled by mean")]
    [InlineData("residual B", "pooled by maximum")]
    [InlineData("residual B", "in blocks")]
    [InlineData("residual B", "in units of the layers")]
    [InlineData("squeeze", "all")]
    [InlineData("many groups", "all")]
    [InlineData("one logit", "all")]
    [InlineData("one logit", "other forms")]
    public void The_reference_s_gradient_is_the_slope_of_its_loss(string graph, string variant)
    {
        var (_, _, reference, parameters, kernels) = Step(graph, Variants[variant] with
        {
            Inputs = Variants[variant].Inputs with { Batch = 2 },
        });
        var gradient = reference.Gradient(parameters, kernels);
        var random = new Generator(9);

        int[] picks = [.. Enumerable.Range(0, 12).Select(_ => random.NextInt32(parameters.Length)), parameters.Length - 1];
        double[] slopes = [.. picks.Select(pick =>
        {
            double[] one = [parameters[pick]];
            var slope = CentralDifferences.Of(() => { parameters[pick] = one[0]; return reference.Total(parameters); }, one);
            parameters[pick] = one[0];
            return slope[0];
        })];
        Closeness.AssertClose(slopes, [.. picks.Select(pick => gradient[pick])], 1e-6);
    }

    private static (Losses Losses, double[] Gradient, ReferenceObjective Reference, double[] Parameters, int[] Kernels) Step(
        string graph, FitOptions options)
    {
        var random = new Generator(4);
        var network = RandomNetwork.Of(ExampleGraphs.Build(graph), random);
        var shape = network.Graph.InputShape;
        float[] images = [.. RandomNetwork.Uniform(options.Inputs.Batch * shape.Count, random).Select(value => (float)value)];
        using var engine = new CpuEngine();
        using var fit = FitRound.Prepare(engine, network, new FitInputs(new GivenImages(shape, images), images, null, null), options);
        var parameters = PredictorCase.Doubles(fit.Step.Predictor.Parameters);

        // Without a learning rate the parameters stay.
        var losses = fit.Step.Run(options.Objective.Weights.Distils ? options.Objective.Weights : LossWeights.WarmingUp, learningRate: 0);

        Assert.Equal(parameters, PredictorCase.Doubles(fit.Step.Predictor.Parameters));
        return (
            losses, PredictorCase.Doubles(fit.Step.Predictor.Gradient), new(network, fit.Step.Design, options, images), parameters,
            Sampled(fit.Step.Design, options));
    }

    /// <summary>The kernels that a fit draws first, after its parameters.</summary>
    private static int[] Sampled(PredictorDesign design, FitOptions options)
    {
        var generator = new Generator(options.Seed);
        PredictorInitialization.Draw(design.Shape, options.Predictor.Initialization, new float[design.Shape.ParameterCount], generator);
        var sampling = options.Objective.Weights.Distils ? options.Sampling.Distilling(design.Layout.Kernels) : options.Sampling;
        var sampler = KernelSampler.Create(sampling, design.Layout.Counts, []);
        var kernels = new int[sampler.BatchSize];
        return kernels[..sampler.Sample(kernels, generator)];
    }
}
