using System.Numerics.Tensors;
using Nern.OneDnn;

namespace Nern.Optimizers;

/// <summary>
/// Brings the singular values of a matrix near 1 and leaves its singular vectors, without finding either: the quintic iteration
/// X = a X + (b S + c S S) X with S = X X^T (Jordan et al., <i>Muon</i>, 2024), from X of Frobenius norm 1. Allocates nothing.
/// </summary>
internal sealed class NewtonSchulz
{
    /// <summary>The iterations of a step of <see cref="Muon"/>: its authors' five bring a fit no further (docs/recipe.md).</summary>
    internal const int Iterations = 3;

    // So that a small singular value grows fastest; after five iterations most are between 0.7 and 1.2.
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f;

    private readonly int _rows, _columns, _side;
    private readonly float[] _before, _square, _polynomial;

    /// <summary>Prepares for matrices [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    internal NewtonSchulz(int rows, int columns)
    {
        (_rows, _columns, _side) = (rows, columns, Math.Min(rows, columns));
        _before = new float[rows * columns];
        _square = new float[_side * _side];
        _polynomial = new float[_side * _side];
    }

    /// <summary>Does so many iterations in place; a matrix of zeros stays.</summary>
    /// <param name="matrix">[rows, columns].</param>
    /// <param name="iterations">How many.</param>
    internal void Run(Span<float> matrix, int iterations = Iterations)
    {
        if (TensorPrimitives.Norm<float>(matrix) is not 0 and var norm)
            TensorPrimitives.Divide(matrix, norm, matrix);
        // The square is taken on the shorter side, so of a tall matrix it is X^T X, and stands behind X.
        var isTall = _rows > _columns;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Blas.Gemm(_side, _side, isTall ? _rows : _columns, 1, matrix, isTall, matrix, !isTall, 0, _square);
            _square.CopyTo(_polynomial, 0);
            Blas.Gemm(_side, _side, _side, C, _square, false, _square, false, B, _polynomial);
            matrix.CopyTo(_before);
            if (isTall)
                Blas.Gemm(_rows, _columns, _side, 1, _before, false, _polynomial, false, A, matrix);
            else
                Blas.Gemm(_rows, _columns, _side, 1, _polynomial, false, _before, false, A, matrix);
        }
    }
}
