using Nern.Data;

namespace Nern.Tests.Data;

public sealed class UniformNoiseTests
{
    [Fact]
    public void Noise_is_uniform_between_minus_one_and_one_and_repeatable()
    {
        var source = new UniformNoise(3, 33, 31);
        var batch = new float[5 * 3 * 33 * 31];
        var again = new float[batch.Length];

        source.Fill(batch, 5, new Generator(9));
        source.Fill(again, 5, new Generator(9));

        Assert.Equal(batch, again);
        Assert.All(batch, value => Assert.InRange(value, -1f, 1f));
        Assert.InRange(batch.Average(), -0.03f, 0.03f);
        Assert.InRange(batch.Average(value => value * value), 0.31f, 0.36f);
        Assert.InRange(batch.Max(), 0.99f, 1f);
        Assert.InRange(batch.Min(), -1f, -0.99f);
    }
}
