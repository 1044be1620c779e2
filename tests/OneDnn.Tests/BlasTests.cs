using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class BlasTests
{
    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Multiplies_matrices_of_any_shape_as_they_lie_or_transposed(bool transposeA, bool transposeB)
    {
        using var bench = new Workbench();
        for (var round = 0; round < 12; round++)
        {
            int rows = bench.Pick(1, 3, 64, 100), inner = bench.Pick(1, 5, 17, 160), columns = bench.Pick(1, 3, 9, 33);
            var a = bench.Numbers(rows * inner, DataType.Float32);
            var b = bench.Numbers(inner * columns, DataType.Float32);
            var before = bench.Numbers(rows * columns, DataType.Float32);
            float[] c = [.. before.Select(value => (float)value)];

            Blas.Gemm(
                rows, columns, inner, 2, Laid(a, rows, inner, transposeA), transposeA, Laid(b, inner, columns, transposeB), transposeB, -3, c);

            var expected = ReferenceMatMul.Multiply(a, b, rows, inner, columns).Zip(before, (product, old) => (2 * product) - (3 * old));
            Closeness.AssertClose([.. expected], [.. c.Select(value => (double)value)], Closeness.Float32Tolerance);
        }
    }

    [SkippableFact]
    public void Gives_the_same_bits_within_a_region_as_on_one_thread()
    {
        using var bench = new Workbench();
        float[] a = [.. bench.Numbers(90 * 70, DataType.Float32).Select(value => (float)value)];
        float[] alone = new float[90 * 90], within = new float[90 * 90];
        using (ParallelRegion.Alone())
            Blas.Gemm(90, 90, 70, 1, a, false, a, true, 0, alone);
        ParallelRegion.Run(new OnFirst(() => Blas.Gemm(90, 90, 70, 1, a, false, a, true, 0, within)));
        Assert.Equal(alone, within);
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Blas.Gemm(2, 3, 4, 1, new float[8], false, new float[11], false, 0, new float[6]));
        Assert.Equal("Expected a matrix of 4 x 3; got 11 values. (Parameter 'b')", error.Message);
        Assert.Throws<ArgumentException>(() => Blas.Gemm(0, 3, 4, 1, [], false, new float[12], false, 0, []));
        Assert.Throws<ArgumentException>(() => Blas.Gemm(1 << 16, 1 << 16, 1, 1, new float[1 << 16], false, new float[1 << 16], false, 0, []));
    }

    private static float[] Laid(double[] values, int rows, int columns, bool isTransposed) =>
    [
        .. Enumerable.Range(0, values.Length)
            .Select(place => (float)(isTransposed ? values[(place % rows * columns) + (place / rows)] : values[place])),
    ];

    private sealed class OnFirst(Action action) : IParallelWork
    {
        public void Execute(int part, int parts)
        {
            if (part == 0)
                action();
        }
    }
}
