using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Fitting.Sampling;
using Nern.Kernels;
using Nern.Ranks;
using Nern.Runs;
using Nern.Tests.Prediction;

namespace Nern.Tests.Fitting;

public class KernelPredictionsTests
{
    // 1,095 kernels.
    private static readonly LearnableLayer[] Layers = [new("a", 40, 25, 3, 3), new("b", 19, 45, 1, 1)];

    [Theory]
    [InlineData(1000, 1, 1000)]
    [InlineData(1000, 0.5, 500)]
    [InlineData(1001, 0.5, 501)]
    [InlineData(1000, 1e-9, 1)]
    public void A_share_is_as_many_kernels_rounded_up(int kernels, double share, int expected) =>
        Assert.Equal(expected, KernelPredictions.BlockOf(kernels, share));

    [Fact]
    public void A_whole_share_predicts_all_kernels_in_each_step()
    {
        using var predictor = Predictor(1095);
        var predictions = new KernelPredictions(predictor.Plan, 1095, new SingleRank(), 20);
        for (var step = 0; step < 3; step++)
        {
            Step(predictor, predictions, []);
            Assert.Equal(All(predictor), predictions.Rows);
            Assert.Null(predictions.Next);
        }
    }

    [Fact]
    public void A_step_predicts_the_next_block_and_its_batch_and_leaves_the_others()
    {
        using var predictor = Predictor(300);
        var predictions = new KernelPredictions(predictor.Plan, 300, new SingleRank(), 20);
        int[] batch = [2, 299, 300, 1094];
        var expected = new float[predictions.Rows.Length];
        for (var step = 0; step < 10; step++)
        {
            Step(predictor, predictions, batch);

            // All of them at first, then blocks of 300, 300, 300 and 195 over and over.
            var (first, count) = step == 0 ? (0, 1095) : ((step - 1) % 4 * 300, (step - 1) % 4 == 3 ? 195 : 300);
            var all = All(predictor);
            foreach (var kernel in Enumerable.Range(first, count))
                Row(all, kernel).CopyTo(Row(expected, kernel));
            for (var kernel = 0; kernel < 1095; kernel++)
                // A batch has products of its own, which round differently.
                if (batch.Contains(kernel))
                    Assert.All(Row(all, kernel).ToArray().Zip(Row(predictions.Rows, kernel).ToArray()), pair =>
                        Assert.Equal(pair.First, pair.Second, 1e-5f));
                else
                    Assert.Equal(Row(expected, kernel), Row(predictions.Rows, kernel));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void What_is_kept_is_gone_on_from(int steps)
    {
        using var predictor = Predictor(300);
        var predictions = new KernelPredictions(predictor.Plan, 300, new SingleRank(), 20);
        for (var step = 0; step < steps; step++)
            Step(predictor, predictions, [7]);
        var snapshot = new Snapshot<FitState> { State = new() { NextKernel = predictions.Next } };
        predictions.Keep(snapshot);
        var others = new KernelPredictions(predictor.Plan, 300, new SingleRank(), 20);

        others.Restore(snapshot, "here");

        Assert.Equal(predictions.Next, others.Next);
        Assert.Equal(predictions.Rows, others.Rows);
        Assert.Contains("goes on at kernel 1095", Assert.Throws<NernException>(() => others.Restore(
            new() { State = new() { NextKernel = 1095 }, Arrays = snapshot.Arrays }, "here")).Message);
    }

    [Fact]
    public void Without_what_was_kept_all_kernels_are_predicted()
    {
        using var predictor = Predictor(300);
        var predictions = new KernelPredictions(predictor.Plan, 300, new SingleRank(), 20);
        var snapshot = new Snapshot<FitState>();
        Step(predictor, predictions, []);
        predictions.Keep(snapshot);
        Assert.Single(snapshot.Arrays);

        predictions.Restore(new() { State = new() { NextKernel = 300 } }, "here");
        predictions.Keep(snapshot);
        Assert.Null(predictions.Next);
        Assert.Empty(snapshot.Arrays);
        Step(predictor, predictions, []);

        Assert.Equal(All(predictor), predictions.Rows);
    }

    [Fact]
    public void A_refresh_allocates_nothing()
    {
        using var predictor = Predictor(300);
        var predictions = new KernelPredictions(predictor.Plan, 300, new SingleRank(), 20);
        var batch = Drawn([3, 4]);
        predictions.Refresh(batch);
        Allocation.AssertNone(5, () => predictions.Refresh(batch));
    }

    private static PredictorCase Predictor(int block) => new(13, 3, batch: 20, layers: Layers, block: block);

    /// <summary>A step, which ends with other parameters, and a prediction of a batch.</summary>
    private static void Step(PredictorCase predictor, KernelPredictions predictions, int[] batch)
    {
        predictor.DrawParameters();
        predictions.Refresh(Drawn(batch));
    }

    private static DrawnKernels Drawn(int[] batch)
    {
        var drawn = new DrawnKernels(20, new SingleRank());
        drawn.Draw(new Given(batch), new Generator(1));
        return drawn;
    }

    private static float[] All(PredictorCase predictor)
    {
        var rows = new float[predictor.Plan.Kernels * predictor.Outputs];
        predictor.Plan.PredictAll(rows);
        return rows;
    }

    private static Span<float> Row(float[] rows, int kernel) => rows.AsSpan(kernel * 9, 9);

    /// <summary>Draws the same kernels each time.</summary>
    private sealed class Given(int[] kernels) : KernelSampler(20)
    {
        protected override int Draw(Span<int> batch, Generator generator)
        {
            kernels.CopyTo(batch);
            return kernels.Length;
        }
    }
}
