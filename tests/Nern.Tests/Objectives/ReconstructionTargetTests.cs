using Nern.Kernels;
using Nern.Objectives;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Objectives;

public sealed class ReconstructionTargetTests
{
    private static readonly KernelLayout Layout = new([new("a", 3, 2, 3, 3), new("b", 4, 3, 1, 1), new("c", 2, 4, 3, 3)]);

    private readonly Generator _random = new(1);
    private ReconstructionTarget _target;

    public ReconstructionTargetTests() =>
        _target = new(Layout, [.. Layout.Layers.Select(layer => Floats(layer.Kernels * layer.KernelSize))]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_kernels_expect_the_error_there_is(bool weighted)
    {
        _target = new(_target, weighted ? [.. Floats(Layout.Kernels).Select(Math.Abs)] : []);
        var predicted = Floats(Layout.Kernels * Layout.RowSize);

        Assert.Equal(_target.SquaredError(predicted), Expected([.. Enumerable.Range(0, Layout.Kernels)], predicted), 1e-4);
        Assert.Equal(1, _target.Share([.. Enumerable.Range(0, Layout.Kernels)]));
    }

    [Fact]
    public void Equal_errors_let_any_kernels_expect_the_error_of_all()
    {
        float[] predicted = [.. _target.Rows.Select(value => value + 0.5f)];

        foreach (var kernels in new int[][] { [0], [7, 1, 19], [6, 8] })
        {
            float[] rows = [.. kernels.SelectMany(kernel => predicted.Skip(kernel * Layout.RowSize).Take(Layout.RowSize))];
            Assert.Equal(0.25 * Layout.WeightCount, Expected(kernels, rows), 1e-3);
        }
    }

    [Theory]
    [InlineData(ReconstructionLossForm.RootMeanSquare, false)]
    [InlineData(ReconstructionLossForm.RootMeanSquare, true)]
    [InlineData(ReconstructionLossForm.NormOverCount, true)]
    [InlineData(ReconstructionLossForm.MeanSquare, true)]
    public void The_gradient_of_some_kernels_is_the_slope_of_the_loss_that_they_let_expect(ReconstructionLossForm form, bool weighted)
    {
        _target = new(_target, weighted ? [.. Floats(Layout.Kernels).Select(Math.Abs)] : []);
        int[] kernels = [1, 4, 7, 9, 20];
        var rows = Floats(kernels.Length * Layout.RowSize);
        var gradient = new float[rows.Length];
        var factor = ReconstructionLoss.Of(Expected(kernels, rows), Layout.WeightCount, form).Factor;

        _target.WriteGradient(kernels, rows, _target.Share(kernels) * factor, gradient);

        // The slope of the float64 loss; its predictions are rounded to float32 on the way, so steps are long.
        var slope = new double[rows.Length];
        for (var i = 0; i < slope.Length; i++)
            slope[i] = (Loss(i, 1 / 64.0) - Loss(i, -1 / 64.0)) * 32;
        Closeness.AssertClose(slope, [.. gradient.Select(value => (double)value)], 1e-4);

        double Loss(int index, double step)
        {
            var moved = rows.ToArray();
            moved[index] += (float)step;
            return ReconstructionLoss.Of(Expected(kernels, moved), Layout.WeightCount, form).Loss;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Units_of_layers_change_neither_the_error_nor_its_slope_at_a_weight(bool weighted)
    {
        int[] exponents = [-3, 0, 5];
        var layout = new KernelLayout(Layout.Layers, Layout.Reading, exponents);
        var weights = Layout.Layers.Select(layer => Floats(layer.Kernels * layer.KernelSize)).ToArray();
        float[] importance = weighted ? [.. Floats(Layout.Kernels).Select(Math.Abs)] : [];
        var (plain, target) = (
            new ReconstructionTarget(new(Layout, weights), importance), new ReconstructionTarget(new(layout, weights), importance));
        var rows = Floats(Layout.Kernels * Layout.RowSize);
        var inUnits = rows.ToArray();
        for (var kernel = 0; kernel < Layout.Kernels; kernel++)
            foreach (ref var value in inUnits.AsSpan(kernel * Layout.RowSize, Layout.RowSize))
                value = MathF.ScaleB(value, -exponents[Layout.LayerOf(kernel)]);
        int[] all = [.. Enumerable.Range(0, Layout.Kernels)];
        var (gradient, gradientInUnits) = (new float[rows.Length], new float[rows.Length]);

        var (error, errorInUnits) = (plain.WriteGradient(all, rows, gradient), target.WriteGradient(all, inUnits, gradientInUnits));

        Assert.Equal(error, errorInUnits, error * 1e-12);
        Assert.Equal(plain.SquaredError(rows), target.SquaredError(inUnits), error * 1e-6);
        Assert.Equal(plain.SquaredNorms(), target.SquaredNorms());
        Assert.Equal(plain.Norms(), target.Norms());
        Assert.Equal(plain.Weights(), target.Weights());
        Assert.Equal([.. weights.SelectMany(values => values)], target.Weights());
        for (var place = 0; place < rows.Length; place++)
            Assert.Equal(MathF.ScaleB(gradient[place], exponents[Layout.LayerOf(place / Layout.RowSize)]), gradientInUnits[place]);
    }

    [Fact]
    public void What_pads_a_block_is_not_counted_and_has_neither_loss_nor_gradient()
    {
        var layout = new KernelLayout([new("a", 1, 2, 3, 3), new("b", 2, 11, 1, 1)], KernelReading.Block);
        var target = new ReconstructionTarget(layout, [Floats(18), Floats(22)]);
        var rows = Floats(layout.Kernels * layout.RowSize);
        int[] all = [.. Enumerable.Range(0, layout.Kernels)];
        var gradient = new float[rows.Length];

        var error = target.WriteGradient(all, rows, gradient);

        // Two kernels, then for each filter a block of nine channels and one of two.
        var padding = new[] { 3, 5 }.SelectMany(row => Enumerable.Range((9 * row) + 2, 7)).ToHashSet();
        Assert.Equal(padding, gradient.Index().Where(value => value.Item == 0).Select(value => value.Index).ToHashSet());
        Assert.Equal(error, gradient.Sum(value => (double)value * value), error * 1e-5);
        Assert.Equal(error, target.SquaredError(rows), error * 1e-5);
        Assert.Equal((40L, 20.0), (layout.WeightCount, target.Share([3])));
        Assert.Equal(target.Norms()[5], Math.Sqrt(Enumerable.Range(45, 2).Sum(i => (double)target.Rows[i] * target.Rows[i])), 1e-5);
        foreach (var place in padding)
            rows[place] = float.NaN;
        Assert.Equal(error, target.WriteGradient(all, rows, gradient));
        Assert.Equal(error, target.SquaredError(rows), error * 1e-5);
    }

    private double Expected(int[] kernels, float[] rows) =>
        _target.Share(kernels) * _target.WriteGradient(kernels, rows, new float[rows.Length]);

    private float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)_random.NextNormal())];
}
