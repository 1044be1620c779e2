using System.Numerics.Tensors;

namespace Nern.Compression;

/// <summary>
/// Rounds a matrix such that what it does to its inputs changes little (GPTQ, Frantar et al. 2023): column by column, and what rounding a
/// column has changed is made up for, as well as least squares can, by the columns that are still to be rounded.
/// </summary>
internal static class Gptq
{
    /// <summary>What is added to the moments' diagonal, of its mean: few inputs tell little of some directions.</summary>
    private const double Damping = 0.01;

    /// <summary>Rounds a matrix.</summary>
    /// <param name="weights">[rows, columns].</param>
    /// <param name="steps">What an integer counts in each row; not 0.</param>
    /// <param name="moments">The second moments of the inputs, [columns, columns], symmetric and not negative.</param>
    /// <returns>The integers, [rows, columns].</returns>
    internal static int[] Round(ReadOnlySpan<float> weights, ReadOnlySpan<float> steps, ReadOnlySpan<double> moments)
    {
        var columns = steps.Length == 0 ? 0 : weights.Length / steps.Length;
        if (weights.Length != columns * steps.Length || moments.Length != columns * columns)
            throw new ArgumentException(
                $"{steps.Length} rows of {columns} weights need moments of {columns} by {columns}; "
                + $"got {weights.Length} and {moments.Length}.");
        // The last is rounded first: the column whose inputs are largest.
        var order = Order(moments, columns);
        var factors = InverseFactor(Damped(moments, order), columns);
        var integers = new int[weights.Length];
        var row = new double[columns];
        for (var r = 0; r < steps.Length; r++)
        {
            var values = weights.Slice(r * columns, columns);
            for (var i = 0; i < columns; i++)
                row[i] = values[order[i]] / (double)steps[r];
            for (var i = columns - 1; i >= 0; i--)
            {
                var rounded = Math.Round(row[i]);
                integers[(r * columns) + order[i]] = checked((int)rounded);
                var factor = factors.AsSpan(i * columns, i);
                TensorPrimitives.MultiplyAdd(factor, (rounded - row[i]) / factors[(i * columns) + i], row.AsSpan(0, i), row.AsSpan(0, i));
            }
        }
        return integers;
    }

    private static int[] Order(ReadOnlySpan<double> moments, int columns)
    {
        var sizes = new double[columns];
        for (var i = 0; i < columns; i++)
            sizes[i] = moments[(i * columns) + i];
        return [.. Enumerable.Range(0, columns).OrderBy(i => sizes[i])];
    }

    private static double[] Damped(ReadOnlySpan<double> moments, int[] order)
    {
        var columns = order.Length;
        var mean = 0.0;
        for (var i = 0; i < columns; i++)
            mean += moments[(i * columns) + i] / columns;
        var damped = new double[moments.Length];
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
                damped[(i * columns) + j] = moments[(order[i] * columns) + order[j]];
            // Inputs that are always 0 say nothing: then each column is as good as another.
            damped[(i * columns) + i] += mean > 0 ? Damping * mean : 1;
        }
        return damped;
    }

    /// <summary>
    /// The inverse M of L, where L Lᵀ are the moments. Mᵀ M is the inverse of the moments, so that row i of M, divided by its last number,
    /// is what the columns before i have to give up when column i gains 1 and those behind it stay.
    /// </summary>
    private static double[] InverseFactor(double[] moments, int columns)
    {
        for (var i = 0; i < columns; i++)
        {
            var row = moments.AsSpan(i * columns, columns);
            for (var j = 0; j < i; j++)
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], moments.AsSpan(j * columns, j))) / moments[(j * columns) + j];
            row[i] = Math.Sqrt(row[i] - TensorPrimitives.SumOfSquares<double>(row[..i]));
            row[(i + 1)..].Clear();
        }
        var inverse = new double[moments.Length];
        for (var i = 0; i < columns; i++)
        {
            var row = inverse.AsSpan(i * columns, columns);
            row[i] = 1;
            for (var k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(
                    inverse.AsSpan(k * columns, k + 1), -moments[(i * columns) + k], row[..(k + 1)], row[..(k + 1)]);
            TensorPrimitives.Divide<double>(row[..(i + 1)], moments[(i * columns) + i], row[..(i + 1)]);
        }
        return inverse;
    }
}
