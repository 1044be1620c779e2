using Nern.Coding;
using Nern.Compression;

namespace Nern.Tests.Compression;

public class RoundedMatrixTests
{
    private const int Rows = 3, Columns = 5, Offset = 4, BiasOffset = 20;

    [Fact]
    public void What_is_written_is_what_is_coded()
    {
        var (matrix, values) = Begun();
        matrix.Write(values);
        var (signs, weights) = (matrix.ToFactors(1).ToFloats(), matrix.ToWeights(withExponents: false).ToFloats());
        for (var i = 0; i < weights.Length; i++)
            Assert.Equal(signs[i / Columns] * weights[i], values[Offset + i], 1e-6);
        Assert.Equal(matrix.ToBiases().ToFloats(), values[BiasOffset..(BiasOffset + Rows)]);
    }

    [Fact]
    public void What_is_lowered_is_one_less_in_magnitude_and_first_what_was_nearly_rounded_so()
    {
        var (matrix, values) = Begun();
        matrix.Write(values);
        var before = matrix.ToWeights(withExponents: false).Integers.ToArray();
        var (lowered, distances, saved) = (new float[before.Length], new float[before.Length], new float[before.Length]);

        matrix.MeasureLowering(lowered, distances, saved);

        for (var i = 0; i < before.Length; i++)
        {
            var weight = matrix.Weights.Span[i];
            var distance = Math.Abs(weight - (before[i] - (0.5 * Math.Sign(before[i]))));
            Assert.Equal(before[i] == 0 ? double.PositiveInfinity : distance < 0.1 ? 1 + distance : distance, distances[i], 1e-5);
            Assert.InRange(saved[i], 0, 64);
        }
        lowered.CopyTo(matrix.Weights);
        matrix.Write(values);
        Assert.Equal(before.Select(integer => integer - Math.Sign(integer)), matrix.ToWeights(withExponents: false).Integers);
    }

    [Fact]
    public void Of_what_is_given_nothing_is_lowered() =>
        new RoundedMatrix(Rows, Columns, Offset, BiasOffset, 16, isGiven: true) { Weights = new float[Rows * Columns] }.MeasureLowering([], [], []);

    [Fact]
    public void Gradients_are_those_of_the_written_values()
    {
        var (matrix, values) = Begun();
        matrix.Write(values);
        var random = new Generator(5);
        float[] gradient = [.. values.Select(_ => (float)random.NextNormal())];
        var (weights, exponents, biases) = (new float[Rows * Columns], new float[Rows], new float[Rows]);

        matrix.Backward(gradient, 0, weights, exponents, biases);

        var integers = matrix.ToWeights(withExponents: false).Integers;
        for (var row = 0; row < Rows; row++)
        {
            var (r, exponent) = (row, Math.Round(matrix.Exponents.Span[row]));
            var sign = matrix.ToFactors(1).Integers[row];
            double Loss(double e) => Enumerable.Range(0, Columns).Sum(column =>
                gradient[Offset + (r * Columns) + column] * sign * matrix.Step * Math.Pow(2, e / 32) * integers[(r * Columns) + column]);
            const double Move = 1e-3;
            Assert.Equal((Loss(exponent + Move) - Loss(exponent - Move)) / (2 * Move), exponents[row], 1e-5);
            Assert.Equal(matrix.BiasStep * gradient[BiasOffset + row], biases[row], 1e-6);
            for (var column = 0; column < Columns; column++)
                Assert.Equal(
                    sign * matrix.Step * Math.Pow(2, exponent / 32) * gradient[Offset + (row * Columns) + column],
                    weights[(row * Columns) + column], 1e-5);
        }
    }

    [Fact]
    public void Weights_are_moved_by_what_their_bits_cost_too()
    {
        const float Rate = 0.25f;
        var (matrix, values) = Begun();
        matrix.Write(values);
        var (without, with, rest) = (new float[Rows * Columns], new float[Rows * Columns], new float[Rows]);
        matrix.Backward(values, 0, without, rest, new float[Rows]);
        matrix.Backward(values, Rate, with, rest, new float[Rows]);
        var (length, slopes) = (new CodeLength(), new float[Rows * Columns]);
        length.Count(Array.ConvertAll(matrix.ToWeights(false).Integers, value => (float)value));
        length.AddSlopes(matrix.Weights.Span, Rate, slopes);
        Assert.Contains(slopes, slope => slope != 0);
        for (var i = 0; i < slopes.Length; i++)
            Assert.Equal(without[i] + slopes[i], with[i], 1e-5);
        Assert.Equal(length.Bits, matrix.Bits);
    }

    [Fact]
    public void Rounding_is_to_the_nearest()
    {
        var (matrix, values) = Begun();
        var before = values.ToArray();
        matrix.Write(values);
        for (var i = 0; i < Rows * Columns; i++)
            Assert.InRange(
                Math.Abs(values[Offset + i] - before[Offset + i]), 0,
                0.501 * matrix.Step * CodedMatrix.Factor((int)MathF.Round(matrix.Exponents.Span[i / Columns])));
        Assert.All(before.Index().Where(v => v.Index is < Offset or >= Offset + (Rows * Columns) and < BiasOffset), v => Assert.Equal(v.Item, values[v.Index]));
    }

    private static (RoundedMatrix Matrix, float[] Values) Begun()
    {
        var random = new Generator(2);
        float[] values = [.. Enumerable.Range(0, 24).Select(_ => (float)random.NextNormal())];
        var matrix = new RoundedMatrix(Rows, Columns, Offset, BiasOffset, 16)
        {
            Weights = new float[Rows * Columns],
            Exponents = new float[Rows],
            Biases = new float[Rows],
        };
        matrix.Begin(values, [1, -0.3f, 2.7f], 0.4);
        return (matrix, values);
    }
}
