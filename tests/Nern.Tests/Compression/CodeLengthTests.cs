using Nern.Compression;

namespace Nern.Tests.Compression;

public class CodeLengthTests
{
    [Fact]
    public void Bits_are_those_of_a_direct_count()
    {
        var random = new Generator(1);
        float[] values = [.. Enumerable.Range(0, 500).Select(_ => MathF.Round(3 * (float)random.NextNormal())), 64, -200, 1000];
        var length = new CodeLength();
        length.Count([7, 7]);
        length.Count(values);
        var expected = values.Sum(value =>
        {
            var magnitude = Math.Min(Math.Abs(value), 64);
            var count = values.Count(other => Math.Min(Math.Abs(other), 64) == magnitude);
            return Math.Log2((values.Length + 32.5) / (count + 0.5)) + (magnitude > 0 ? 1 : 0);
        });
        Assert.Equal(expected, length.Bits, 0.01);
    }

    [Fact]
    public void Slopes_lead_to_zero_and_are_none_where_all_is_dear()
    {
        var length = new CodeLength();
        length.Count([0, 0, 0, 0, 0, 0, 1, -1]);
        float[] slopes = [10, 10, 10, 10];
        length.AddSlopes([0.4f, -0.4f, 1.5f, 900], 2, slopes);
        var first = 2 * (float)(Math.Log2(6.5 / 2.5) + 1);
        Assert.Equal(10 + first, slopes[0], 1e-4);
        Assert.Equal(10 - first, slopes[1], 1e-4);
        Assert.Equal(10 + (2 * Math.Log2(2.5 / 0.5)), slopes[2], 1e-4);
        Assert.Equal(10, slopes[3]);
    }
}
