namespace Nern.Tests;

public class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("hidden", "hiden", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("flaw", "lawn", 2)]
    public void Between_counts_the_letters_to_change(string first, string second, int expected)
    {
        Assert.Equal(expected, EditDistance.Between(first, second));
        Assert.Equal(expected, EditDistance.Between(second, first));
    }

    [Theory]
    [InlineData("layer*", "layer1.conv", 0)]
    [InlineData("*", "", 0)]
    [InlineData("layr*.conv", "layer1.0.conv", 1)]
    [InlineData("conv*", "*", 4)]
    public void A_wildcard_stands_for_any_letters(string pattern, string name, int expected) =>
        Assert.Equal(expected, EditDistance.Between(pattern, name, '*'));
}
