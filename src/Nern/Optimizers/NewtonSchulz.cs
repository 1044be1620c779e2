using System.Numerics.Tensors;
using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Optimizers;

/// <summary>
/// Brings the singular values of a matrix near 1 and leaves its singular vectors, without finding either: the quintic iteration
/// X = a X + (b S + c S S) X with S = X X^T (Jordan et al., <i>Muon</i>, 2024), from X of Frobenius norm 1. Runs on one thread; allocates nothing.
/// </summary>
internal sealed class NewtonSchulz : IDisposable
{
    /// <summary>The iterations of a step of <see cref="Muon"/>: its authors' five bring a fit no further (docs/recipe.md).</summary>
    internal const int Iterations = 3;

    // So that a small singular value grows fastest; after five iterations most are between 0.7 and 1.2.
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f;

    private readonly Resources _owned = new();
    private readonly Memory _matrix, _square;
    private readonly Execution _roundMatrix, _roundSquare, _squareMatrix, _addSquareSquared, _addProduct;

    /// <summary>Prepares for matrices [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    /// <param name="engine">The engine; it must outlive this.</param>
    /// <param name="precision">What the factors of products are rounded to; sums are in float32.</param>
    /// <param name="rows">Of the matrices.</param>
    /// <param name="columns">Of the matrices.</param>
    internal NewtonSchulz(CpuEngine engine, Precision precision, int rows, int columns)
    {
        // The square is taken on the shorter side, so of a tall matrix it is X^T X, and stands behind X.
        var (side, isTall, type) = (Math.Min(rows, columns), rows > columns, precision.DataType());
        using var alone = ParallelRegion.Alone();
        try
        {
            _matrix = Own(DataType.Float32, rows, columns);
            _square = Own(DataType.Float32, side, side);
            var (matrix, square) = (Own(type, rows, columns), Own(type, side, side));
            var transposed = _owned.Own(matrix.View(engine, MemoryDescriptor.Transposed(type, columns, rows)));
            _roundMatrix = Round(_matrix, matrix);
            _roundSquare = Round(_square, square);
            _squareMatrix = isTall ? Multiply(transposed, matrix, _square) : Multiply(matrix, transposed, _square);
            _addSquareSquared = Multiply(square, square, _square, accumulate: true);
            _addProduct = isTall ? Multiply(matrix, square, _matrix, accumulate: true) : Multiply(square, matrix, _matrix, accumulate: true);
        }
        catch
        {
            _owned.Dispose();
            throw;
        }

        Memory Own(DataType of, int height, int width) => _owned.Own(new Memory(engine, MemoryDescriptor.RowMajor(of, height, width)));

        Execution Round(Memory from, Memory to) => _owned.Own(
            _owned.Own(Primitives.Reorder(engine, from.Descriptor, to.Descriptor)).Bind((Argument.Source, from), (Argument.Destination, to)));

        Execution Multiply(Memory left, Memory right, Memory product, bool accumulate = false) => _owned.Own(
            _owned.Own(Primitives.MatMul(
                engine, left.Descriptor, right.Descriptor, null, product.Descriptor, new PostOperations(Accumulate: accumulate)))
            .Bind((Argument.Source, left), (Argument.Weights, right), (Argument.Destination, product)));
    }

    /// <summary>Does so many iterations in place; a matrix of zeros stays.</summary>
    /// <param name="values">The matrix, [rows, columns].</param>
    /// <param name="iterations">How many.</param>
    internal void Run(Span<float> values, int iterations = Iterations)
    {
        var matrix = _matrix.AsSpan<float>();
        var square = _square.AsSpan<float>();
        var norm = TensorPrimitives.Norm<float>(values);
        TensorPrimitives.Divide(values, norm == 0 ? 1 : norm, matrix);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            _roundMatrix.Run();
            _squareMatrix.Run();
            _roundSquare.Run();
            TensorPrimitives.Multiply(square, B / C, square);
            _addSquareSquared.Run();
            TensorPrimitives.Multiply(square, C, square);
            _roundSquare.Run();
            TensorPrimitives.Multiply(matrix, A, matrix);
            _addProduct.Run();
        }
        matrix.CopyTo(values);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();
}
