namespace Nern.Tests;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(12.3456, "12.35")]
    [InlineData(1e-4, "1.00e-4")]
    [InlineData(123456, "1.23e5")]
    [InlineData(double.NaN, "NaN")]
    public void Small_shows_the_digits_that_count(double value, string expected) => Assert.Equal(expected, Figures.Small(value));
}
