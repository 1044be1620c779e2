using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests.References;

/// <summary>What the references call gradients are the slopes of what they compute.</summary>
public class ReferenceGradientTests
{
    private const double Tolerance = 1e-7;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Convolution(int groups)
    {
        using var bench = new Workbench(groups);
        var window = new Window(2, 1, 2, 1, 1, 0, DilationY: 2);
        var source = bench.NewVolume(DataType.Float32, 2, 2 * groups, 6, 5);
        var weights = bench.NewVolume(DataType.Float32, 3 * groups, 2, 3, 2);
        var bias = bench.Numbers(3 * groups, DataType.Float32);
        var gradient = ReferenceConvolution.Forward(source, weights, bias, window, groups);
        gradient = gradient.With(bench.Numbers(gradient.Values.Length, DataType.Float32));
        double Loss() =>
            CentralDifferences.Weighed(ReferenceConvolution.Forward(source, weights, bias, window, groups).Values, gradient.Values);

        AssertSlopes(Loss, source.Values, ReferenceConvolution.BackwardData(source, weights, gradient, window, groups).Values);
        AssertSlopes(Loss, weights.Values, ReferenceConvolution.BackwardWeights(source, weights, gradient, window, groups).Values);
        AssertSlopes(Loss, bias, ReferenceConvolution.BackwardBias(gradient));
    }

    [Theory]
    [InlineData(PoolingKind.Maximum)]
    [InlineData(PoolingKind.AverageWithPadding)]
    [InlineData(PoolingKind.AverageWithoutPadding)]
    public void Pooling(PoolingKind kind)
    {
        using var bench = new Workbench();
        var window = new Window(2, 1, 1, 1, 0, 1);
        var source = bench.NewVolume(DataType.Float32, 2, 3, 6, 5);
        var gradient = ReferencePooling.Forward(source, kind, 3, 2, window);
        gradient = gradient.With(bench.Numbers(gradient.Values.Length, DataType.Float32));
        AssertSlopes(
            () => CentralDifferences.Weighed(ReferencePooling.Forward(source, kind, 3, 2, window).Values, gradient.Values),
            source.Values, ReferencePooling.Backward(source, gradient, kind, 3, 2, window).Values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batch_normalisation(bool fromBatch)
    {
        using var bench = new Workbench();
        var source = bench.NewVolume(DataType.Float32, 3, 2, 2, 3);
        var gradient = bench.NewVolume(DataType.Float32, 3, 2, 2, 3);
        var scale = bench.Numbers(2, DataType.Float32);
        var shift = bench.Numbers(2, DataType.Float32);
        (double[] Mean, double[] Variance) fixedStatistics = ([0.1, -0.2], [0.5, 0.8]);
        (double[] Mean, double[] Variance) Statistics() =>
            fromBatch ? ReferenceBatchNormalization.Statistics(source) : fixedStatistics;
        double Loss()
        {
            var (mean, variance) = Statistics();
            var result = ReferenceBatchNormalization.Forward(source, mean, variance, scale, shift, epsilon: 1e-3);
            return CentralDifferences.Weighed(result.Values, gradient.Values);
        }

        var (mean, variance) = Statistics();
        var gradients = ReferenceBatchNormalization.Backward(source, gradient, mean, variance, scale, epsilon: 1e-3, fromBatch);
        AssertSlopes(Loss, source.Values, gradients.Source.Values);
        AssertSlopes(Loss, scale, gradients.Scale);
        AssertSlopes(Loss, shift, gradients.Shift);
    }

    [Theory]
    [MemberData(nameof(EltwiseFunctions))]
    public void Eltwise(EltwiseFunction function, float alpha, float beta)
    {
        using var bench = new Workbench();
        var values = bench.Numbers(20, DataType.Float32);
        var gradient = bench.Numbers(20, DataType.Float32);
        AssertSlopes(
            () => CentralDifferences.Weighed([.. values.Select(x => ReferenceEltwise.Value(function, x, alpha, beta))], gradient),
            values, [.. values.Zip(gradient, (x, g) => g * ReferenceEltwise.Slope(function, x, alpha, beta))]);
    }

    public static TheoryData<EltwiseFunction, float, float> EltwiseFunctions => ReferenceEltwise.Cases;

    private static void AssertSlopes(Func<double> loss, double[] values, double[] gradient) =>
        Closeness.AssertClose(CentralDifferences.Of(loss, values), gradient, Tolerance);
}
