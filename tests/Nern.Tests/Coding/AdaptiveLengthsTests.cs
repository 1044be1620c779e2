using Nern.Coding;

namespace Nern.Tests.Coding;

public class AdaptiveLengthsTests
{
    [Fact]
    public void Numbers_come_back_and_usual_ones_take_little()
    {
        var random = new Generator(7);
        int[] sent = [.. Enumerable.Range(0, 5000).Select(i => i % 10 == 0 ? random.NextInt32(25) : 3)];
        var (writer, lengths) = (BitCoder.Writer(), new AdaptiveLengths(24));
        foreach (var number in sent)
            lengths.Code(writer, number);
        var bytes = writer.Finish();
        Assert.InRange(8.0 * bytes.Length / sent.Length, 0.5, 1.3);
        var (reader, again) = (BitCoder.Reader(bytes), new AdaptiveLengths(24));
        Assert.Equal(sent, sent.Select(_ => again.Code(reader, 0)));
    }
}
