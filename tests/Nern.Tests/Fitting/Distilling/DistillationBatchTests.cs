using Nern.Fitting.Distilling;

namespace Nern.Tests.Fitting.Distilling;

public class DistillationBatchTests
{
    [Theory]
    [InlineData(256, 2, 8)]
    [InlineData(64, 2, 8)]
    [InlineData(64, 16, 4)]
    [InlineData(10, 2, 5)]
    [InlineData(12, 2, 6)]
    [InlineData(3, 2, 1)]
    [InlineData(7, 1, 7)]
    [InlineData(1, 4, 1)]
    [InlineData(34, 2, 1)]
    public void A_micro_batch_divides_the_batch_and_keeps_all_threads_busy(int batch, int threads, int expected) =>
        Assert.Equal(expected, DistillationBatch.MicroBatch(batch, threads));
}
