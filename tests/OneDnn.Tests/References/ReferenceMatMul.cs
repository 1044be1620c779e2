namespace Nern.OneDnn.Tests.References;

/// <summary>Row-major matrices in float64.</summary>
internal static class ReferenceMatMul
{
    /// <summary>[rows, inner] x [inner, columns].</summary>
    internal static double[] Multiply(double[] left, double[] right, int rows, int inner, int columns)
    {
        var result = new double[rows * columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                for (var i = 0; i < inner; i++)
                    result[(r * columns) + c] += left[(r * inner) + i] * right[(i * columns) + c];
        return result;
    }

    internal static double[] Transpose(double[] matrix, int rows, int columns)
    {
        var result = new double[matrix.Length];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                result[(c * rows) + r] = matrix[(r * columns) + c];
        return result;
    }
}
