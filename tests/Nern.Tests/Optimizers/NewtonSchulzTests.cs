using MathNet.Numerics.LinearAlgebra;
using Nern.Engine;
using Nern.OneDnn;
using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

public class NewtonSchulzTests
{
    [Theory]
    [InlineData(30, 50)]
    [InlineData(50, 30)]
    [InlineData(40, 40)]
    [InlineData(1, 70)]
    [InlineData(9, 1)]
    public void Singular_values_go_their_way_and_vectors_stay(int rows, int columns)
    {
        var generator = new Generator((ulong)(rows * columns));
        float[] matrix = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)generator.NextNormal())];
        var before = Dense(matrix, columns);

        using var engine = new CpuEngine();
        using var iteration = new NewtonSchulz(engine, Precision.Float32, rows, columns);
        iteration.Run(matrix, iterations: 5);

        var difference = Dense(matrix, columns) - Reference.Orthogonalized(before, 5);
        Assert.InRange(difference.FrobeniusNorm(), 0, 1e-4 * Math.Sqrt(Math.Min(rows, columns)));
    }

    [SkippableTheory]
    [InlineData(30, 50)]
    [InlineData(240, 160)]
    [InlineData(1, 70)]
    public void In_bfloat16_the_result_is_the_same_but_for_a_fiftieth(int rows, int columns)
    {
        using var engine = new CpuEngine();
        Skip.IfNot(engine.SupportsBFloat16, "This processor has no bfloat16.");
        var generator = new Generator((ulong)(rows + columns));
        float[] matrix = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)generator.NextNormal())];
        var reference = Reference.Orthogonalized(Dense(matrix, columns), NewtonSchulz.Iterations);

        using var iteration = new NewtonSchulz(engine, Precision.BFloat16, rows, columns);
        iteration.Run(matrix);

        Assert.InRange((Dense(matrix, columns) - reference).FrobeniusNorm() / reference.FrobeniusNorm(), 1e-4, 2e-2);
    }

    [Fact]
    public void Five_iterations_bring_singular_values_near_one_that_differ_a_hundredfold()
    {
        float[] matrix = [.. Enumerable.Range(0, 36).Select(place => place % 7 == 0 ? MathF.Pow(10, place / 7 * -0.4f) : 0)];
        using var engine = new CpuEngine();
        using var iteration = new NewtonSchulz(engine, Precision.Float32, 6, 6);
        iteration.Run(matrix, iterations: 5);
        Assert.All(Dense(matrix, 6).Svd().S, value => Assert.InRange(value, 0.6, 1.25));
    }

    [Fact]
    public void Zeros_stay()
    {
        var matrix = new float[12];
        using var engine = new CpuEngine();
        using var iteration = new NewtonSchulz(engine, Precision.Float32, 3, 4);
        iteration.Run(matrix);
        Assert.Equal(new float[12], matrix);
    }

    private static Matrix<double> Dense(float[] values, int columns) =>
        Matrix<double>.Build.Dense(values.Length / columns, columns, (row, column) => values[(row * columns) + column]);
}
