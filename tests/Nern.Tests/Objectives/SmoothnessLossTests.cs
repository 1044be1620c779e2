using FsCheck;
using FsCheck.Fluent;
using Nern.Objectives;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Prediction;

namespace Nern.Tests.Objectives;

public sealed class SmoothnessLossTests
{
    /// <summary>Filters, channels, values of a kernel.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 4, 5, 9 },
        { 5, 4, 1 },
        { 3, 3, 25 },
        { 1, 6, 9 },
        { 6, 1, 9 },
        { 1, 6, 1 },
        { 6, 1, 1 },
        { 1, 1, 9 },
        { 1, 1, 1 },
        { 3, 4, 3 },
    };

    [Fact]
    public void The_value_is_that_of_the_formula() => Prop.ForAll(
        Gen.Choose(1, 9).Four().ToArbitrary(),
        drawn =>
        {
            var (filters, channels, side, seed) = drawn;
            var weights = Weights(filters, channels, side * side, seed);

            Assert.Equal(
                ReferenceSmoothness.Of(PredictorCase.Doubles(weights), filters, channels, side * side),
                SmoothnessLoss.Of(weights, filters, channels, side * side), 1e-9);
            Assert.Equal(ReferenceSmoothness.Pairs(filters, channels).Count(), SmoothnessLoss.Pairs(filters, channels));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_is_the_slope_of_the_value(int filters, int channels, int size)
    {
        var weights = Weights(filters, channels, size, seed: 1);

        AssertSlope(weights, filters, channels, size);
    }

    [Fact]
    public void Kernels_of_zeros_are_far_from_everything_and_have_finite_gradients()
    {
        var weights = Weights(4, 4, 9, seed: 2);
        foreach (var kernel in (int[])[0, 6, 7, 13])
            weights.AsSpan(9 * kernel, 9).Clear();

        AssertSlope(weights, 4, 4, 9);
        Assert.Equal(SmoothnessLoss.Pairs(4, 4), SmoothnessLoss.Of(new float[4 * 4 * 9], 4, 4, 9));
        Assert.All(Gradient(new float[4 * 4 * 9], 4, 4, 9), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void Kernels_shorter_than_the_shortest_count_as_that_long()
    {
        var weights = Weights(3, 3, 9, seed: 3);
        for (var i = 9 * 4; i < 9 * 5; i++)
            weights[i] *= 1e-7f;

        Assert.Equal(
            ReferenceSmoothness.Of(PredictorCase.Doubles(weights), 3, 3, 9), SmoothnessLoss.Of(weights, 3, 3, 9), 1e-9);
        Assert.All(Gradient(weights, 3, 3, 9), slope =>
            Assert.InRange(slope, -4 / SmoothnessLoss.ShortestNorm, 4 / SmoothnessLoss.ShortestNorm));
    }

    [Fact]
    public void The_length_of_a_kernel_does_not_matter()
    {
        var weights = Weights(5, 6, 9, seed: 4);
        float[] scaled = [.. weights.Select((weight, i) => weight * (1 + (i / 9 % 7)))];

        Assert.Equal(SmoothnessLoss.Of(weights, 5, 6, 9), SmoothnessLoss.Of(scaled, 5, 6, 9), 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Equal_kernels_have_no_loss_and_no_gradient(int size)
    {
        var kernel = Weights(1, 1, size, seed: 5);
        float[] weights = [.. Enumerable.Repeat(kernel, 4 * 7).SelectMany(values => values)];

        Assert.Equal(0, SmoothnessLoss.Of(weights, 4, 7, size), 1e-12);
        Assert.All(Gradient(weights, 4, 7, size), slope => Assert.Equal(0, slope, 1e-6));
    }

    [Fact]
    public void Opposite_kernels_are_at_distance_two() => Assert.Equal(2, SmoothnessLoss.Of([1, 2, -1, -2], 1, 2, 2), 1e-12);

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void A_weight_that_is_no_number_shows(int size)
    {
        var weights = Weights(3, 3, size, seed: 6);
        weights[4 * size] = float.NaN;

        Assert.Equal(double.NaN, SmoothnessLoss.Of(weights, 3, 3, size));
    }

    [Fact]
    public void Nothing_is_allocated_once_it_has_run()
    {
        var (weights, gradient) = (Weights(32, 32, 9, seed: 7), new float[32 * 32 * 9]);

        // The pool may be emptied in between when the machine is short of memory.
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ => Allocated()));

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            SmoothnessLoss.AddGradient(weights, 32, 32, 9, 1, gradient);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void AssertSlope(float[] weights, int filters, int channels, int size)
    {
        var gradient = new float[weights.Length];
        Array.Fill(gradient, 3);

        var loss = SmoothnessLoss.AddGradient(weights, filters, channels, size, 0.5f, gradient);

        var values = PredictorCase.Doubles(weights);
        Assert.Equal(ReferenceSmoothness.Of(values, filters, channels, size), loss, 1e-9);
        Closeness.AssertClose(
            [.. CentralDifferences.Of(() => ReferenceSmoothness.Of(values, filters, channels, size), values)
                .Select(slope => 3 + (0.5 * slope))],
            PredictorCase.Doubles(gradient), 1e-6);
    }

    private static float[] Gradient(float[] weights, int filters, int channels, int size)
    {
        var gradient = new float[weights.Length];
        SmoothnessLoss.AddGradient(weights, filters, channels, size, 1, gradient);
        return gradient;
    }

    private static float[] Weights(int filters, int channels, int size, int seed)
    {
        var random = new Generator((ulong)seed);
        return [.. Enumerable.Range(0, filters * channels * size).Select(_ => (float)random.NextNormal())];
    }
}
