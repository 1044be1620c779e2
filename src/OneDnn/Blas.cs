namespace Nern.OneDnn;

/// <summary>Products of matrices that lie anywhere in managed memory: nothing is made beforehand, and nothing is copied.</summary>
public static unsafe class Blas
{
    /// <summary>
    /// C = alpha A B + beta C, all row by row without gaps. Within a <see cref="ParallelRegion"/> on the thread that calls, else on all.
    /// Allocates nothing.
    /// </summary>
    /// <param name="rows">Of C.</param>
    /// <param name="columns">Of C.</param>
    /// <param name="inner">Columns of A and rows of B.</param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="a">[rows, inner], or [inner, rows] where it is taken transposed.</param>
    /// <param name="transposeA">Whether it is.</param>
    /// <param name="b">[inner, columns], or [columns, inner] where it is taken transposed.</param>
    /// <param name="transposeB">Whether it is.</param>
    /// <param name="beta">Factor of what stands in C; with 0 it is not read.</param>
    /// <param name="c">[rows, columns]; it must overlap neither.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="OneDnnException">The library fails.</exception>
    public static void Gemm(
        int rows, int columns, int inner, float alpha, ReadOnlySpan<float> a, bool transposeA, ReadOnlySpan<float> b, bool transposeB,
        float beta, Span<float> c)
    {
        Check(a.Length, rows, inner, nameof(a));
        Check(b.Length, inner, columns, nameof(b));
        Check(c.Length, rows, columns, nameof(c));
        fixed (float* first = a, second = b, product = c)
        {
            Status.Check(
                Native.dnnl_sgemm(
                    Letter(transposeA), Letter(transposeB), rows, columns, inner, alpha, first, transposeA ? rows : inner, second,
                    transposeB ? inner : columns, beta, product, columns),
                nameof(Native.dnnl_sgemm));
        }
    }

    private static byte Letter(bool isTransposed) => (byte)(isTransposed ? 'T' : 'N');

    private static void Check(int length, int rows, int columns, string name)
    {
        if (rows <= 0 || columns <= 0 || length != (long)rows * columns)
            throw new ArgumentException($"Expected a matrix of {rows} x {columns}; got {length} values.", name);
    }
}
