using Nern.Data;

namespace Nern.Tests.Data;

public sealed class NormalizationTests
{
    [Fact]
    public void Statistics_that_cannot_be_used_are_named()
    {
        Assert.Contains("2 and 1", Assert.Throws<NernException>(() => new Normalization([0f, 0f], [1f])).Message);
        Assert.Contains("channel 1", Assert.Throws<NernException>(() => new Normalization([0f, 0f], [1f, 0f])).Message);
        Assert.Contains("channel 0", Assert.Throws<NernException>(() => new Normalization([float.NaN], [1f])).Message);
        Assert.Throws<NernException>(() => new Normalization([], []));
    }
}
