using Nern.Fitting.Sampling;

namespace Nern.Tests.Fitting.Sampling;

public class UniformSamplerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(90)]
    public void Every_kernel_comes_up_equally_often(int batchSize)
    {
        var counts = Frequencies.Count(new UniformSampler(100, batchSize), kernels: 100, draws: 20_000, seed: 1);
        Assert.Equal(20_000 * batchSize, counts.Sum());
        // 99 degrees of freedom: above 150 once in a thousand times, and less often still without replacement.
        Assert.InRange(Frequencies.ChiSquare(counts, _ => 200.0 * batchSize), 0, 150);
    }

    [Fact]
    public void Every_pair_comes_up_equally_often()
    {
        var sampler = new UniformSampler(6, 2);
        var generator = new Generator(2);
        var pairs = new int[36];
        var batch = new int[2];
        for (var draw = 0; draw < 15_000; draw++)
        {
            sampler.Sample(batch, generator);
            pairs[batch[0] * 6 + batch[1]]++;
        }

        var possible = pairs.Where(count => count > 0).ToArray();
        Assert.Equal(15, possible.Length);
        Assert.InRange(Frequencies.ChiSquare(possible, _ => 1000), 0, 37);
    }
}
