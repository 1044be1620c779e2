using Nern.Cli.Options;
using Nern.Options;

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
        var syntax = ValueSyntax.Numbers<double>("A,B", OptionRange.Any, "1,2");

        Assert.True(syntax.TryRead("1e-3, 2,-0.5", out var values));
        Assert.Equal("1e-3,2,-0.5", syntax.Write(values));
        Assert.False(syntax.TryRead("1,,2", out _));
        Assert.False(syntax.TryRead("", out _));
    }
}
