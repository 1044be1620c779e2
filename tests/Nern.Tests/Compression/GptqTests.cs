using Nern.Compression;

namespace Nern.Tests.Compression;

public class GptqTests
{
    [Theory]
    [InlineData(1, 6, 1)]
    [InlineData(12, 9, 2)]
    [InlineData(5, 30, 3)]
    public void It_is_column_by_column_with_the_others_at_their_exact_best(int rows, int columns, ulong seed)
    {
        var random = new Generator(seed);
        var (weights, moments) = (Normal(rows * columns, random), Moments(columns, 3 * columns, random));
        float[] steps = [.. Enumerable.Range(0, rows).Select(_ => 0.3f + random.NextSingle())];

        var integers = Gptq.Round(weights, steps, moments);

        for (var row = 0; row < rows; row++)
            Assert.Equal(
                Reference(weights[(row * columns)..((row + 1) * columns)], steps[row], moments),
                integers[(row * columns)..((row + 1) * columns)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_it_does_to_the_inputs_is_less_than_rounding_to_the_nearest_does(ulong seed)
    {
        const int Rows = 40, Columns = 25;
        var random = new Generator(seed);
        var (weights, moments) = (Normal(Rows * Columns, random), Moments(Columns, 40, random));
        float[] steps = [.. Enumerable.Repeat(0.7f, Rows)];

        var error = Error(weights, Gptq.Round(weights, steps, moments), moments);

        Assert.InRange(error, 0, 0.8 * Error(weights, Nearest(weights, 0.7f), moments));

        double Error(float[] values, int[] integers, double[] of)
        {
            var sum = 0.0;
            for (var row = 0; row < Rows; row++)
                for (var i = 0; i < Columns; i++)
                    for (var j = 0; j < Columns; j++)
                        sum += Difference(row, i) * of[(i * Columns) + j] * Difference(row, j);
            return sum;

            double Difference(int row, int column) =>
                values[(row * Columns) + column] - (0.7f * (double)integers[(row * Columns) + column]);
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(0)]
    public void Inputs_that_have_nothing_to_do_with_each_other_leave_the_nearest_integers(double size)
    {
        var weights = Normal(7 * 11, new Generator(4));
        var moments = new double[11 * 11];
        for (var i = 0; i < 11; i++)
            moments[i * 12] = size;

        Assert.Equal(Nearest(weights, 0.25f), Gptq.Round(weights, [.. Enumerable.Repeat(0.25f, 7)], moments));
    }

    [Fact]
    public void Few_inputs_and_some_that_are_always_0_will_do()
    {
        var random = new Generator(5);
        var (weights, moments) = (Normal(3 * 20, random), Moments(20, 2, random));
        for (var i = 0; i < 20; i++)
            (moments[(4 * 20) + i], moments[(i * 20) + 4]) = (0, 0);

        var integers = Gptq.Round(weights, [0.5f, -0.5f, 1], moments);

        Assert.All(integers, integer => Assert.InRange(integer, -100, 100));
        Assert.Equal(Nearest(weights, 0.5f)[4], integers[4]);
        Assert.Equal(-Nearest(weights, 0.5f)[24], integers[24]);
    }

    [Fact]
    public void Moments_of_other_columns_are_refused() =>
        Assert.Throws<ArgumentException>(() => Gptq.Round(new float[6], [1, 1], new double[4]));

    /// <summary>After each column the others are put where least squares has them, by solving for all of them anew.</summary>
    private static int[] Reference(float[] weights, float step, double[] moments)
    {
        var columns = weights.Length;
        var damped = new double[columns, columns];
        var mean = Enumerable.Range(0, columns).Average(i => moments[i * (columns + 1)]);
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < columns; j++)
                damped[i, j] = moments[(i * columns) + j] + (i == j ? 0.01 * mean : 0);
        int[] order = [.. Enumerable.Range(0, columns).OrderByDescending(i => moments[i * (columns + 1)])];
        var current = Array.ConvertAll(weights, weight => (double)weight);
        var integers = new int[columns];
        for (var done = 0; done < columns; done++)
        {
            integers[order[done]] = (int)Math.Round(current[order[done]] / step);
            int[] settled = order[..(done + 1)], free = order[(done + 1)..];
            // H_ff d_f = -H_fs d_s, with d what weights differ from those that were given.
            var (matrix, right) = (new double[free.Length, free.Length], new double[free.Length]);
            for (var i = 0; i < free.Length; i++)
            {
                for (var j = 0; j < free.Length; j++)
                    matrix[i, j] = damped[free[i], free[j]];
                right[i] = -settled.Sum(s => damped[free[i], s] * ((integers[s] * (double)step) - weights[s]));
            }
            foreach (var (i, difference) in Solve(matrix, right).Index())
                current[free[i]] = weights[free[i]] + difference;
        }
        return integers;
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        var count = right.Length;
        for (var pivot = 0; pivot < count; pivot++)
            for (var row = 0; row < count; row++)
            {
                if (row == pivot)
                    continue;
                var factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (var column = pivot; column < count; column++)
                    matrix[row, column] -= factor * matrix[pivot, column];
                right[row] -= factor * right[pivot];
            }
        return [.. right.Select((value, i) => value / matrix[i, i])];
    }

    private static int[] Nearest(float[] weights, float step) =>
        Array.ConvertAll(weights, weight => (int)Math.Round(weight / (double)step));

    private static float[] Normal(int count, Generator random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];

    /// <summary>Of inputs that have much in common.</summary>
    private static double[] Moments(int columns, int inputs, Generator random)
    {
        var moments = new double[columns * columns];
        for (var input = 0; input < inputs; input++)
        {
            var common = 2 * random.NextNormal();
            double[] values = [.. Enumerable.Range(0, columns).Select(i => common + (random.NextNormal() * (1 + (0.1 * i))))];
            for (var i = 0; i < columns; i++)
                for (var j = 0; j < columns; j++)
                    moments[(i * columns) + j] += values[i] * values[j] / inputs;
        }
        return moments;
    }
}
