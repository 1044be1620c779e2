using Nern.Coding;

namespace Nern.Tests.Coding;

public class BitHistoryTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.03)]
    [InlineData(1)]
    [InlineData(0)]
    public void Probabilities_are_those_of_the_format(double likely)
    {
        var random = new Generator(7);
        var history = BitHistory.None(1)[0];
        var (probability, count) = (1 << 21, 0);
        for (var i = 0; i < 5000; i++)
        {
            Assert.Equal((uint)probability >> 10, history.Probability);
            var bit = random.NextDouble() < likely ? 1 : 0;
            history.Learn(bit, Quotients.Factors);
            probability += ((bit == 1 ? (1 << 22) - 1 : 0) - probability) / (count + 2);
            count = Math.Min(count + 1, 126);
        }
    }
}
