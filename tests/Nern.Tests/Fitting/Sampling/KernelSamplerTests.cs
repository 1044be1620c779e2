using Nern.Fitting.Sampling;

namespace Nern.Tests.Fitting.Sampling;

public class KernelSamplerTests
{
    private static readonly int[] Counts = [48, 256, 700, 64];
    private static readonly float[] Norms = [.. Enumerable.Range(0, Counts.Sum()).Select(i => 0.1f + i % 7)];

    public static TheoryData<SamplingKind> Kinds => [.. Enum.GetValues<SamplingKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_batch_is_ascending_distinct_and_in_range(SamplingKind kind)
    {
        foreach (var batchSize in new[] { 1, 63, 64, 65, 300, 1067, 1068, 5000 })
        {
            var sampler = Make(kind, batchSize);
            var generator = new Generator(1);
            var kernels = new int[sampler.BatchSize];
            for (var draw = 0; draw < 50; draw++)
            {
                var count = sampler.Sample(kernels, generator);
                Assert.InRange(count, 1, sampler.BatchSize);
                Assert.InRange(kernels[0], 0, Norms.Length - 1);
                Assert.InRange(kernels[count - 1], 0, Norms.Length - 1);
                for (var i = 1; i < count; i++)
                    Assert.True(kernels[i] > kernels[i - 1]);
            }
        }
    }

    [Theory]
    [InlineData(29_744, 4096, null, 4096)]
    [InlineData(94_544, 4096, null, 11_818)]
    [InlineData(137_944, 20_000, null, 20_000)]
    [InlineData(1_220_608, 4096, null, 65_536)]
    [InlineData(1_220_608, 100_000, null, 100_000)]
    [InlineData(1_220_608, 4096, 8, 8)]
    [InlineData(137_944, 4096, null, 8621, 0.5)]
    [InlineData(137_944, 4096, null, 4096, 0.01)]
    public void Distilling_steps_draw_an_eighth_of_what_they_predict_unless_told_otherwise(
        int all, int kernels, int? asked, int expected, double refresh = 1)
    {
        var options = new SamplingOptions { Kernels = kernels, DistillationKernels = asked, Refresh = refresh }.Distilling(all);

        Assert.Equal(expected, options.Kernels);
    }

    [Theory]
    [InlineData(SamplingKind.All, 10, 1068)]
    [InlineData(SamplingKind.Uniform, 10, 10)]
    [InlineData(SamplingKind.Uniform, 5000, 1068)]
    [InlineData(SamplingKind.Magnitude, 10, 10)]
    [InlineData(SamplingKind.Magnitude, 5000, 1068)]
    public void A_batch_is_full_unless_there_are_fewer_kernels(SamplingKind kind, int batchSize, int expected)
    {
        var sampler = Make(kind, batchSize);
        Assert.Equal(expected, sampler.BatchSize);
        Assert.Equal(expected, sampler.Sample(new int[expected + 3], new Generator(2)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_batch_depends_on_the_generator_and_not_on_earlier_draws(SamplingKind kind)
    {
        var (used, fresh) = (Make(kind, 200), Make(kind, 200));
        var generator = new Generator(3);
        var (fromUsed, fromFresh) = (new int[used.BatchSize], new int[used.BatchSize]);
        for (var draw = 0; draw < 40; draw++)
        {
            var again = new Generator(0) { State = generator.State };
            Assert.Equal(used.Sample(fromUsed, generator), fresh.Sample(fromFresh, again));
            Assert.Equal(fromFresh, fromUsed);
            Assert.Equal(generator.State, again.State);
            fresh = Make(kind, 200);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_draw_allocates_nothing(SamplingKind kind)
    {
        var sampler = Make(kind, 200);
        var generator = new Generator(4);
        var kernels = new int[sampler.BatchSize];
        for (var draw = 0; draw < 20; draw++)
            sampler.Sample(kernels, generator);

        Allocation.AssertNone(20, () => sampler.Sample(kernels, generator));
    }

    [Fact]
    public void A_span_too_short_for_a_batch_is_refused() =>
        Assert.Throws<ArgumentException>(() => Make(SamplingKind.Uniform, 10).Sample(new int[9], new Generator(5)));

    [Fact]
    public void Create_refuses_options_and_norms_that_cannot_be()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(SamplingKind.Uniform, 0));
        Assert.Throws<ArgumentException>(() => Make((SamplingKind)7, 10));
        Assert.Throws<NernException>(() => KernelSampler.Create(new SamplingOptions(), [2], [1, float.NaN]));
        Assert.Throws<ArgumentException>(() => KernelSampler.Create(new SamplingOptions(), [3], [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelSampler.Create(new SamplingOptions(), [3, 0], [1, 1, 1]));
    }

    private static KernelSampler Make(SamplingKind kind, int batchSize) =>
        KernelSampler.Create(new SamplingOptions { Kind = kind, Kernels = batchSize }, Counts, Norms);
}
