using Nern.Predictor;

namespace Nern.Tests.Predictor;

public sealed class PositionalEmbeddingTests
{
    [Theory]
    [InlineData(0.76, 40)]
    [InlineData(1.1, 40)]
    [InlineData(2, 8)]
    [InlineData(1, 1)]
    public void Embed_writes_sines_and_cosines_of_rising_frequencies(double frequencyBase, int levels)
    {
        var embedding = new PositionalEmbedding(frequencyBase, levels);
        var values = new float[embedding.Size];

        foreach (var coordinate in new[] { 0, 0.1, 1 / 3.0, 0.9843, 1, 17 })
        {
            for (var axis = 0; axis < Coordinates.Axes; axis++)
            {
                embedding.Embed(axis, coordinate, values);
                for (var level = 0; level < levels; level++)
                {
                    var angle = Math.Pow(frequencyBase, level) * Math.PI * coordinate;
                    Assert.Equal(Math.Sin(angle), values[2 * level], 1e-6);
                    Assert.Equal(Math.Cos(angle), values[(2 * level) + 1], 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Size_is_twice_the_levels() => Assert.Equal(80, new PositionalEmbedding(0.76, 40).Size);

    [Theory]
    [InlineData(0, 1, "The embedding base must lie in (0, 16]; got 0.")]
    [InlineData(-1, 1, "The embedding base must lie in (0, 16]; got -1.")]
    [InlineData(16.5, 1, "The embedding base must lie in (0, 16]; got 16.5.")]
    [InlineData(double.NaN, 1, "The embedding base must lie in (0, 16]; got NaN.")]
    [InlineData(1.1, 0, "The embedding takes 1 to 1024 levels; got 0.")]
    [InlineData(1.1, 1025, "The embedding takes 1 to 1024 levels; got 1025.")]
    public void What_is_out_of_range_is_refused(double frequencyBase, int levels, string message) =>
        Assert.Equal(message, Assert.Throws<NernException>(() => new PositionalEmbedding(frequencyBase, levels)).Message);

    [Fact]
    public void Frequencies_no_number_resolves_are_refused()
    {
        Assert.Contains("16^255 is more", Assert.Throws<NernException>(() => new PositionalEmbedding(16, 256)).Message);
        Assert.Equal(40, new PositionalEmbedding(2, 40).Levels);
    }
}
