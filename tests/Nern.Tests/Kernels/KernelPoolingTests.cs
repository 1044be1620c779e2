using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Prediction;

namespace Nern.Tests.Kernels;

public sealed class KernelPoolingTests
{
    public static TheoryData<KernelReading> Poolings => [KernelReading.Average, KernelReading.Max];

    [Fact]
    public void Windows_overlap_where_sizes_do_not_divide()
    {
        float[] row = [1, 2, 4, 8, 16, 32, 64, 128, 256];

        Assert.Equal([27 / 4f, 54 / 4f, 216 / 4f, 432 / 4f], Pool(KernelReading.Average));
        Assert.Equal([16, 32, 128, 256], Pool(KernelReading.Max));

        float[] Pool(KernelReading reading)
        {
            float[] pooled = [.. row];
            var layout = new KernelLayout([new("large", 1, 1, 3, 3), new("small", 1, 1, 2, 2)], reading);
            KernelPooling.Of(layout)!.Pool(1, pooled, new int[9]);
            return [.. layout.Positions(1).ToArray().Select(position => pooled[position])];
        }
    }

    [Fact]
    public void Nothing_is_pooled_where_the_middle_is_asked_for_or_all_kernels_are_large()
    {
        LearnableLayer[] mixed = [new("a", 1, 1, 3, 3), new("b", 1, 1, 1, 1)];

        Assert.Null(KernelPooling.Of(new(mixed)));
        Assert.Null(KernelPooling.Of(new([new("a", 2, 2, 3, 3)], KernelReading.Max)));
        float[] row = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        float[] same = [.. row];
        var pooling = KernelPooling.Of(new(mixed, KernelReading.Average))!;
        pooling.Pool(0, same, new int[9]);
        pooling.Unpool(0, same, new int[9]);
        Assert.Equal(row, same);
    }

    [Fact]
    public void Of_equally_large_values_the_first_gets_the_gradient()
    {
        var pooling = KernelPooling.Of(new([new("a", 1, 1, 2, 2), new("b", 1, 1, 1, 1)], KernelReading.Max))!;
        float[] row = [1, 3, 3, 2];
        float[] gradient = [5, 0, 0, 0];
        var largest = new int[4];

        pooling.Pool(1, row, largest);
        pooling.Unpool(1, gradient, largest);

        Assert.Equal((3, 5), (row[0], gradient[1]));
        Assert.Equal(5, gradient.Sum());
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void Predictions_and_gradients_are_the_reference_s_for_kernels_of_any_sizes(KernelReading reading)
    {
        var random = new Generator(3);
        for (var time = 0; time < 8; time++)
        {
            LearnableLayer[] layers = [.. Enumerable.Range(0, 4).Select(i => new LearnableLayer(
                $"{i}", 1 + random.NextInt32(4), 1 + random.NextInt32(4), 1 + random.NextInt32(7), 1 + random.NextInt32(7)))];
            using var predictor = new PredictorCase(
                11, 3, batch: 9, layers: layers, options: new FitOptions { Predictor = new() { KernelReading = reading } });
            AssertPredictions(predictor, 1e-5);
            foreach (var count in new[] { Math.Min(9, predictor.Plan.Kernels), 1 })
                AssertGradient(predictor, count, 1e-5);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Poolings))]
    public void Predictions_and_gradients_in_bfloat16_are_the_reference_s_but_for_rounding(KernelReading reading)
    {
        PredictorCase.SkipWithoutBFloat16();
        using var predictor = new PredictorCase(21, 4, Precision.BFloat16, batch: 20, options: new FitOptions
        {
            Predictor = new() { KernelReading = reading },
        });

        AssertPredictions(predictor, Closeness.BFloat16Tolerance);
        AssertGradient(predictor, 20, Closeness.BFloat16Tolerance);
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void The_reference_s_way_back_is_the_slope(KernelReading reading)
    {
        var random = new Generator(4);
        var layout = new KernelLayout([new("large", 1, 1, 5, 4), new("small", 1, 1, 3, 2)], reading);
        double[] row = [.. Enumerable.Range(0, 20).Select(_ => random.NextNormal())];
        double[] gradient = [.. Enumerable.Range(0, 6).Select(_ => random.NextNormal())];

        Closeness.AssertClose(
            CentralDifferences.Of(() => CentralDifferences.Weighed(ReferenceReading.Read(layout, 1, row), gradient), row),
            ReferenceReading.Back(layout, 1, row, gradient), 1e-8);
    }

    private static void AssertPredictions(PredictorCase predictor, double tolerance)
    {
        var (layout, rows) = (predictor.Design.Layout, predictor.PredictAll());
        var (expected, actual) = (new List<double>(), new List<double>());
        foreach (var (kernel, row) in predictor.Expected.Chunk(layout.RowSize).Index())
        {
            expected.AddRange(ReferenceReading.Read(layout, kernel, row));
            foreach (var position in layout.PositionsOf(kernel))
                actual.Add(rows[(kernel * layout.RowSize) + position]);
        }
        Closeness.AssertClose([.. expected], [.. actual], tolerance);
    }

    private static void AssertGradient(PredictorCase predictor, int count, double tolerance)
    {
        var (layout, kernels) = (predictor.Design.Layout, predictor.Choose(count));
        predictor.Plan.PredictBatch(kernels, count);
        predictor.Plan.OutputGradient.Clear();
        var outputGradient = new List<double>();
        foreach (var (row, kernel) in kernels.Index())
        {
            var positions = layout.PositionsOf(kernel);
            double[] gradient = [.. positions.ToArray().Select(_ => (float)predictor.Random.NextNormal())];
            for (var i = 0; i < positions.Length; i++)
                predictor.Plan.OutputGradient[(row * layout.RowSize) + positions[i]] = (float)gradient[i];
            var predicted = predictor.Reference.Predict(predictor.Parameters, predictor.Coordinates[kernel]);
            outputGradient.AddRange(ReferenceReading.Back(layout, kernel, predicted, gradient));
        }
        predictor.Plan.Backward();

        Closeness.AssertClose(predictor.Gradient(kernels, [.. outputGradient]), PredictorCase.Doubles(predictor.Plan.Gradient), tolerance);
    }
}
