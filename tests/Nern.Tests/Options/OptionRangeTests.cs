using Nern.Options;

namespace Nern.Tests.Options;

public class OptionRangeTests
{
    [Fact]
    public void A_range_says_what_it_contains()
    {
        Check(OptionRange.Any, "", [-1, 0, 0.5, 1, 1e300]);
        Check(new(0, 1), " from 0 to 1", [0, 0.5, 1]);
        Check(OptionRange.Decay, " from 0 to below 1", [0, 0.5]);
        Check(OptionRange.Above(0, 1), " above 0 to 1", [0.5, 1]);
        Check(OptionRange.AtLeast(0), " from 0 on", [0, 0.5, 1, 1e300]);
        Check(OptionRange.Above(0, double.PositiveInfinity), " above 0", [0.5, 1, 1e300]);

        static void Check(OptionRange range, string words, double[] contained)
        {
            double[] candidates = [-1, 0, 0.5, 1, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
            Assert.Equal(words, range.ToString());
            Assert.Equal(contained, candidates.Where(range.Contains));
        }
    }
}
