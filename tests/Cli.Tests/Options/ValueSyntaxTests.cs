using Nern.Cli.Options;

namespace Nern.Cli.Tests.Options;

public class ValueSyntaxTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("False", false)]
    [InlineData("yes", null)]
    [InlineData("1", null)]
    public void A_flag_is_true_or_false(string text, bool? expected) =>
        Assert.Equal(expected, ValueSyntax.Flag.TryRead(text, out var value) ? value : null);

    [Fact]
    public void Numbers_are_read_as_they_are_written()
    {
        var syntax = ValueSyntax.Numbers<double>("A,B", "numbers");

        Assert.True(syntax.TryRead("1e-3, 2,-0.5", out var values));
        Assert.Equal("1e-3,2,-0.5", syntax.Write(values));
        Assert.False(syntax.TryRead("1,,2", out _));
        Assert.False(syntax.TryRead("", out _));
    }

    [Fact]
    public void A_range_says_what_it_contains()
    {
        Check(ValueRange.Any, "", [-1, 0, 0.5, 1, 1e300]);
        Check(new(0, 1), " from 0 to 1", [0, 0.5, 1]);
        Check(ValueRange.Decay, " from 0 to below 1", [0, 0.5]);
        Check(ValueRange.Above(0, 1), " above 0 to 1", [0.5, 1]);
        Check(ValueRange.AtLeast(0), " from 0 on", [0, 0.5, 1, 1e300]);
        Check(ValueRange.Above(0, double.PositiveInfinity), " above 0", [0.5, 1, 1e300]);

        static void Check(ValueRange range, string words, double[] contained)
        {
            double[] candidates = [-1, 0, 0.5, 1, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
            Assert.Equal(words, range.ToString());
            Assert.Equal(contained, candidates.Where(range.Contains));
        }
    }
}
