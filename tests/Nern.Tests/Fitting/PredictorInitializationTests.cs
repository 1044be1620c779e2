using Nern.Fitting;
using Nern.Kernels;
using Nern.OneDnn.Tests.References;
using Nern.Predictor;
using Nern.Tests.Prediction;

namespace Nern.Tests.Fitting;

public sealed class PredictorInitializationTests
{
    private static readonly PredictorShape Shape = new(24, 30, 9, 3);

    [Theory]
    [InlineData(KernelReading.Middle)]
    [InlineData(KernelReading.Average)]
    [InlineData(KernelReading.Max)]
    public void Matched_predictions_begin_with_the_moments_of_the_original(KernelReading reading)
    {
        using var predictor = new PredictorCase(17, 5, options: new FitOptions { Predictor = new() { KernelReading = reading } });
        var (plan, layout) = (predictor.Plan, predictor.Design.Layout);
        var original = new float[plan.Kernels * layout.RowSize];
        // What no kernel reads must not count.
        Array.Fill(original, 1000);
        var weights = new List<double>();
        for (var l = 0; l < layout.Layers.Count; l++)
        {
            var count = layout.Layers[l].Kernels * layout.Layers[l].KernelSize;
            float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)(0.03 + (0.2 * predictor.Random.NextNormal())))];
            layout.Write(values, l, original);
            weights.AddRange(values.Select(value => (double)value));
        }

        PredictorInitialization.Draw(predictor.Design.Shape, Initialization.Matched, plan.Parameters, predictor.Random);
        plan.ParametersChanged();
        var rows = new float[original.Length];
        plan.PredictAll(rows);
        PredictorInitialization.Match(predictor.Design.Shape, plan.Parameters, layout, rows, original);
        plan.ParametersChanged();
        plan.PredictAll(rows);

        var first = new List<double>();
        for (var l = 0; l < layout.Layers.Count; l++)
        {
            var values = new float[layout.Layers[l].Kernels * layout.Layers[l].KernelSize];
            layout.Read(rows, l, values);
            first.AddRange(values.Select(value => (double)value));
        }
        Assert.Equal(weights.Average(), first.Average(), 1e-5);
        Assert.Equal(Variance(weights), Variance(first), Variance(weights) * 1e-4);
    }

    [Fact]
    public void A_predictor_of_constants_gets_the_mean_alone()
    {
        var layout = new KernelLayout([new("a", 2, 2, 3, 3)]);
        var parameters = new float[Shape.ParameterCount];
        var (predicted, original) = (new float[36], new float[36]);
        Array.Fill(predicted, 0.5f);
        Array.Fill(original, 2f);

        PredictorInitialization.Match(Shape, parameters, layout, predicted, original);

        Assert.All(parameters[Shape.BiasOffset(2)..], bias => Assert.Equal(1.5, bias, 1e-6));
        Assert.All(parameters[..Shape.BiasOffset(2)], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Matched_parameters_have_He_s_variance_and_no_bias()
    {
        var parameters = Draw(Initialization.Matched, 1);

        for (var layer = 0; layer < Shape.Depth; layer++)
        {
            var weights = Weights(parameters, layer);
            Assert.Equal(2.0 / Shape.ColumnsOf(layer), Variance(weights), 0.6 / Shape.ColumnsOf(layer));
            Assert.All(Biases(parameters, layer), bias => Assert.Equal(0, bias));
        }
    }

    [Fact]
    public void Torch_s_parameters_are_uniform_within_its_bounds()
    {
        var parameters = Draw(Initialization.Torch, 1);

        for (var layer = 0; layer < Shape.Depth; layer++)
        {
            var bound = 1 / Math.Sqrt(Shape.ColumnsOf(layer));
            var weights = Weights(parameters, layer);
            Assert.All(weights.Concat(Biases(parameters, layer)), value => Assert.InRange(value, -bound, bound));
            Assert.InRange(weights.Max(Math.Abs), 0.97 * bound, bound);
            Assert.Equal(bound * bound / 3, Variance(weights), bound * bound / 20);
            Assert.NotEqual(0, Biases(parameters, layer).Max());
        }
    }

    [Theory]
    [InlineData(Initialization.Matched)]
    [InlineData(Initialization.Torch)]
    public void The_seed_decides(Initialization kind)
    {
        Assert.Equal(Draw(kind, 7), Draw(kind, 7));
        Assert.NotEqual(Draw(kind, 7), Draw(kind, 8));
    }

    public static TheoryData<SkipKind, Activation, int> Wider => new()
    {
        { SkipKind.None, Activation.Relu, 5 },
        { SkipKind.None, Activation.Gelu, 2 },
        { SkipKind.Residual, Activation.Sine, 4 },
        { SkipKind.Input, Activation.Gelu, 5 },
    };

    [Theory]
    [MemberData(nameof(Wider))]
    public void A_wider_predictor_predicts_the_same_and_draws_what_more_units_take(SkipKind skip, Activation activation, int depth)
    {
        var options = new FitOptions { Predictor = new() { Skip = skip, Activation = activation } };
        using PredictorCase given = new(7, depth, options: options), wider = new(12, depth, options: options);
        var (shape, drawn) = (wider.Design.Shape, wider.Parameters);

        PredictorInitialization.Widen(given.Design.Shape, given.Plan.Parameters, shape, wider.Plan.Parameters);
        wider.Plan.ParametersChanged();

        // In float64 there is nothing that the others could hide behind.
        Closeness.AssertClose(given.Expected, wider.Expected, 1e-14);
        Closeness.AssertClose(given.PredictAll(), wider.PredictAll(), 1e-6);
        for (var layer = 0; layer < depth - 1; layer++)
        {
            var (first, end) = (shape.WeightOffset(layer) + (7 * shape.ColumnsOf(layer)), shape.BiasOffset(layer));
            Assert.Equal(drawn[first..end], wider.Parameters[first..end]);
            Assert.Equal(drawn[(end + 7)..(end + 12)], wider.Parameters[(end + 7)..(end + 12)]);
        }
    }

    private static float[] Draw(Initialization kind, ulong seed)
    {
        var parameters = new float[Shape.ParameterCount];
        PredictorInitialization.Draw(Shape, kind, parameters, new Generator(seed));
        return parameters;
    }

    private static double[] Weights(float[] parameters, int layer) =>
        PredictorCase.Doubles(parameters.AsSpan(Shape.WeightOffset(layer), Shape.RowsOf(layer) * Shape.ColumnsOf(layer)));

    private static double[] Biases(float[] parameters, int layer) =>
        PredictorCase.Doubles(parameters.AsSpan(Shape.BiasOffset(layer), Shape.RowsOf(layer)));

    private static double Variance(IReadOnlyCollection<double> values) =>
        values.Average(value => value * value) - Math.Pow(values.Average(), 2);
}
