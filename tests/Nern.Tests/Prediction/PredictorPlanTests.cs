using Nern.Engine;
using Nern.Kernels;
using Nern.OneDnn.Tests.References;
using Nern.Prediction;

namespace Nern.Tests.Prediction;

public sealed class PredictorPlanTests
{
    private const double Float32Tolerance = 1e-5;

    /// <summary>Hidden size and depth; the sizes fit no vector.</summary>
    public static TheoryData<int, int> Sizes => new() { { 13, 2 }, { 17, 3 }, { 40, 5 }, { 8, 5 }, { 1, 2 }, { 33, 4 } };

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public void PredictAll_is_the_perceptron_of_the_paper(int hidden, int depth)
    {
        using var predictor = new PredictorCase(hidden, depth);

        Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), Float32Tolerance);
    }

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public void PredictAll_in_bfloat16_is_the_perceptron_of_the_paper_but_for_rounding(int hidden, int depth)
    {
        using var predictor = new PredictorCase(hidden, depth, Precision.BFloat16);

        Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), Closeness.BFloat16Tolerance);
    }

    [SkippableTheory]
    [InlineData(Precision.Float32, Float32Tolerance)]
    [InlineData(Precision.BFloat16, Closeness.BFloat16Tolerance)]
    public void PredictAll_walks_over_many_kernels_in_tiles(Precision precision, double tolerance)
    {
        // Three tiles, the last of them not full.
        using var predictor = new PredictorCase(13, 3, precision, layers: [new("a", 97, 85, 3, 3), new("b", 1, 3, 1, 1)]);

        Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), tolerance);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(825)]
    [InlineData(5000)]
    [InlineData(8248)]
    public void Predict_gives_a_run_of_kernels_and_leaves_the_others(int block)
    {
        using var predictor = new PredictorCase(13, 3, layers: [new("a", 97, 85, 3, 3), new("b", 1, 27, 1, 1)], block: block);
        var rows = new float[predictor.Plan.Kernels * predictor.Outputs];
        var expected = new double[rows.Length];
        // One run in the middle, one to the end.
        foreach (var first in new[] { Math.Min(40, predictor.Plan.Kernels - block), predictor.Plan.Kernels - block })
        {
            predictor.Plan.Predict(first, block, rows);

            var (start, length) = (first * predictor.Outputs, block * predictor.Outputs);
            predictor.Expected.AsSpan(start, length).CopyTo(expected.AsSpan(start));
            Closeness.AssertClose(expected, PredictorCase.Doubles(rows), Float32Tolerance);
        }
        Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), Float32Tolerance);
    }

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public void PredictBatch_predicts_the_chosen_kernels(int hidden, int depth)
    {
        using var predictor = new PredictorCase(hidden, depth, batch: 20);

        foreach (var count in new[] { 20, 7, 1 })
        {
            var kernels = predictor.Choose(count);
            predictor.Plan.PredictBatch(kernels, count);
            Closeness.AssertClose(
                predictor.Reference.PredictAll(predictor.Parameters, kernels.Select(kernel => predictor.Coordinates[kernel])),
                PredictorCase.Doubles(predictor.Plan.Output[..(count * predictor.Outputs)]), Float32Tolerance);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public void Backward_leaves_the_gradient_of_the_batch(int hidden, int depth)
    {
        using var predictor = new PredictorCase(hidden, depth, batch: 20);

        // The smaller batch after the larger one would show rows left behind.
        foreach (var count in new[] { 20, 6, 1, 20 })
            predictor.AssertGradient(count, Float32Tolerance);
    }

    [SkippableFact]
    public void Backward_leaves_the_gradient_of_all_kernels()
    {
        LearnableLayer[] layers = [new("a", 31, 15, 3, 3), new("b", 9, 279, 1, 1)];
        using var predictor = new PredictorCase(17, 4, batch: 31 * 24, layers: layers);

        predictor.AssertGradient(31 * 24, Float32Tolerance);
    }

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public void Backward_in_bfloat16_leaves_the_gradient_but_for_rounding(int hidden, int depth)
    {
        PredictorCase.SkipWithoutBFloat16();
        using var predictor = new PredictorCase(hidden, depth, Precision.BFloat16, batch: 20);

        foreach (var count in new[] { 20, 6, 1, 20 })
            predictor.AssertGradient(count, Closeness.BFloat16Tolerance);
    }

    [SkippableTheory]
    [InlineData(4096, 2, 100_000, 8)]
    [InlineData(4096, 64, 10_000, 32)]
    [InlineData(4096, 2, 1_000_000, 4)]
    [InlineData(4096, 2, 50_000_000, 2)]
    [InlineData(300, 2, 100_000, 2)]
    [InlineData(20, 2, 100_000, 1)]
    public void A_batch_has_shares_for_all_threads_but_none_that_is_hardly_worth_its_gradient(
        int batch, int threads, int gradient, int expected) =>
        Assert.Equal(expected, PredictorPlan.Shares(batch, threads, gradient));

    [SkippableFact]
    public void What_was_no_number_before_does_not_reach_a_smaller_batch()
    {
        using var predictor = new PredictorCase(17, 3, batch: 20);
        predictor.Plan.Parameters.Fill(float.NaN);
        predictor.Plan.ParametersChanged();
        predictor.Plan.PredictBatch(predictor.Choose(20), 20);

        predictor.DrawParameters();

        predictor.AssertGradient(6, Float32Tolerance);
    }

    [SkippableFact]
    public void No_row_gives_no_gradient()
    {
        using var predictor = new PredictorCase(17, 3, batch: 20);
        predictor.AssertGradient(20, Float32Tolerance);

        predictor.Plan.PredictBatch([], 0);
        predictor.Plan.OutputGradient.Clear();
        predictor.Plan.Backward();

        Assert.All(predictor.Plan.Gradient.ToArray(), value => Assert.Equal(0, value));
    }

    [SkippableFact]
    public void Changed_parameters_are_taken_over()
    {
        using var predictor = new PredictorCase(24, 4, Precision.BFloat16, batch: 20);
        for (var time = 0; time < 2; time++)
        {
            predictor.DrawParameters();
            Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), Closeness.BFloat16Tolerance);
            predictor.AssertGradient(20, Closeness.BFloat16Tolerance);
        }
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void The_same_parameters_give_the_same_bits(Precision precision)
    {
        Assert.Equal(Bits(precision), Bits(precision));

        static List<float[]> Bits(Precision precision)
        {
            using var predictor = new PredictorCase(33, 5, precision, batch: 20);
            var all = new float[predictor.Plan.Kernels * predictor.Outputs];
            predictor.Plan.PredictAll(all);
            predictor.Plan.PredictBatch(predictor.Choose(19), 19);
            predictor.DrawOutputGradient(19);
            predictor.Plan.Backward();
            return [all, predictor.Plan.Output.ToArray(), predictor.Plan.Gradient.ToArray()];
        }
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void A_step_allocates_nothing(Precision precision)
    {
        using var predictor = new PredictorCase(33, 5, precision, batch: 20);

        predictor.AssertStepAllocatesNothing();
    }
}
