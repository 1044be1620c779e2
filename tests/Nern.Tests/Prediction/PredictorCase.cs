using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>A predictor of some kernels with random parameters: as a plan, and as a float64 reference.</summary>
internal sealed class PredictorCase : IDisposable
{
    private readonly CpuEngine _engine = new();

    internal PredictorCase(
        int hidden, int depth, Precision precision = Precision.Float32, int batch = 0, LearnableLayer[]? layers = null,
        FitOptions? options = null, int block = 0, int shares = 0)
    {
        if (precision == Precision.BFloat16)
            SkipWithoutBFloat16();
        Random = new Generator(1);
        options ??= new();
        // 78 rows, in blocks too.
        var channels = options.Predictor.KernelReading == KernelReading.Block ? 41 : 5;
        layers ??= [new("a", 5, 3, 3, 3), new("b", 7, channels, 1, 1), new("c", 4, 7, 3, 3)];
        options = options with
        {
            Predictor = options.Predictor with { Hidden = hidden, Depth = depth, EmbeddingBase = 1.1, EmbeddingLevels = 6 },
        };
        var layout = options.Predictor.Layout(layers);
        Design = options.Predictor.CreateDesign(
            layout, options.Seed, [.. layers.Select((layer, l) => Shuffled(layer.Filters, layout.Blocks[l]))]);
        Plan = new PredictorPlan(_engine, Design, precision, batch, block, shares);
        Reference = new ReferencePredictor(Design);
        Coordinates = ReferencePredictor.Coordinates(Design);
        DrawParameters();
    }

    internal Generator Random { get; }

    internal PredictorDesign Design { get; }

    internal PredictorPlan Plan { get; }

    internal ReferencePredictor Reference { get; }

    internal double[][] Coordinates { get; }

    internal double[] Parameters => Doubles(Plan.Parameters);

    /// <summary>What the reference predicts for all kernels.</summary>
    internal double[] Expected => Reference.PredictAll(Parameters, Coordinates);

    internal int Outputs => Design.Shape.Outputs;

    /// <summary>New parameters in the plan, biases too.</summary>
    internal void DrawParameters()
    {
        for (var layer = 0; layer < Design.Shape.Depth; layer++)
        {
            var scale = Math.Sqrt(2.0 / Design.Shape.ColumnsOf(layer));
            var end = layer == Design.Shape.Depth - 1 ? Design.Shape.ParameterCount : Design.Shape.WeightOffset(layer + 1);
            for (var i = Design.Shape.WeightOffset(layer); i < end; i++)
                Plan.Parameters[i] = (float)((i < Design.Shape.BiasOffset(layer) ? scale : 0.2) * Random.NextNormal());
        }
        Plan.ParametersChanged();
    }

    internal double[] PredictAll()
    {
        var rows = new float[Plan.Kernels * Outputs];
        Plan.PredictAll(rows);
        return Doubles(rows);
    }

    /// <summary>Different kernels in no order.</summary>
    internal int[] Choose(int count)
    {
        int[] kernels = [.. Enumerable.Range(0, Plan.Kernels)];
        Random.Shuffle(kernels.AsSpan());
        return kernels[..count];
    }

    /// <summary>Random output gradients for the first rows, zeros for the others.</summary>
    internal double[] DrawOutputGradient(int rows)
    {
        Plan.OutputGradient.Clear();
        foreach (ref var value in Plan.OutputGradient[..(rows * Outputs)])
            value = (float)Random.NextNormal();
        return Doubles(Plan.OutputGradient[..(rows * Outputs)]);
    }

    /// <summary>The reference's gradient for a batch.</summary>
    internal double[] Gradient(int[] kernels, double[] outputGradient)
    {
        var (parameters, gradient) = (Parameters, new double[Design.Shape.ParameterCount]);
        for (var row = 0; row < outputGradient.Length / Outputs; row++)
            Reference.AddGradient(parameters, Coordinates[kernels[row]], outputGradient.AsSpan(row * Outputs, Outputs), gradient);
        return gradient;
    }

    /// <summary>The plan's gradient for a batch of chosen kernels is the reference's.</summary>
    internal void AssertGradient(int count, double tolerance)
    {
        var kernels = Choose(count);
        Plan.PredictBatch(kernels, count);
        var outputGradient = DrawOutputGradient(count);
        Plan.Backward();
        var (expected, actual) = (Gradient(kernels, outputGradient), Doubles(Plan.Gradient));
        // Tensor by tensor: a small one must not hide behind a large one.
        foreach (var block in FitStep.BlocksOf(Design.Shape))
            Closeness.AssertClose(
                expected[block.Offset..block.End], actual[block.Offset..block.End], tolerance,
                $"gradient from {block.Offset} of {count} rows");
    }

    /// <summary>Predicting all kernels and a batch of twenty, and the way back, take no memory.</summary>
    internal void AssertStepAllocatesNothing()
    {
        var all = new float[Plan.Kernels * Outputs];
        var kernels = Choose(20);
        Run();
        Allocation.AssertNone(5, Run);

        void Run()
        {
            Plan.ParametersChanged();
            Plan.PredictAll(all);
            Plan.PredictBatch(kernels, 20);
            Plan.OutputGradient.Clear();
            Plan.Backward();
        }
    }

    internal static void SkipWithoutBFloat16()
    {
        using var engine = new CpuEngine();
        Skip.IfNot(engine.SupportsBFloat16, "oneDNN has no right bfloat16 on this processor.");
    }

    internal static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = values[i];
        return result;
    }

    public void Dispose()
    {
        Plan.Dispose();
        _engine.Dispose();
    }

    private Ordering Shuffled(int filters, int channels)
    {
        int[] kernelAt = [.. Enumerable.Range(0, filters * channels)];
        Random.Shuffle(kernelAt.AsSpan());
        return Ordering.CrossFilter(filters, channels, kernelAt);
    }
}
