using Nern.Insight;
using Nern.Predictor;

namespace Nern.Tests.Insight;

public class EmbeddingSimilarityTests
{
    [Theory]
    [InlineData(0.76, CoordinateNormalization.Local, 64)]
    [InlineData(1.16, CoordinateNormalization.Local, 64)]
    [InlineData(1.16, CoordinateNormalization.Global, 128)]
    [InlineData(1.25, CoordinateNormalization.None, 1)]
    public void Similarity_is_the_mean_of_the_cosines_of_all_frequencies(
        double frequencyBase, CoordinateNormalization normalization, int divisor)
    {
        const int Levels = 40;
        var similarity = EmbeddingSimilarity.Of(new PositionalEmbedding(frequencyBase, Levels), normalization, largest: 128);

        // sin a sin b + cos a cos b = cos(a - b); the layer's and the filter's axis are the same.
        var expected = Enumerable.Range(0, 64).Select(c => (2 + Enumerable.Range(0, Levels).Average(
            level => Math.Cos(Math.Pow(frequencyBase, level) * Math.PI * (c - 31) / divisor))) / 3).ToArray();
        Assert.Equal(64, similarity.Cosine.Count);
        Assert.All(expected.Zip(similarity.Cosine), pair => Assert.Equal(pair.First, pair.Second, 6));
        var low = expected.Min();
        Assert.All(expected.Zip(similarity.Normalized), pair => Assert.Equal((pair.First - low) / (1 - low), pair.Second, 5));
    }

    [Fact]
    public void A_channel_is_most_like_itself()
    {
        var similarity = EmbeddingSimilarity.Of(new PositionalEmbedding(1.16, 40), channels: 8, reference: 5);

        Assert.Equal(1, similarity.Cosine[5], 12);
        Assert.Equal((1.0, 5), (similarity.Normalized[5], similarity.Reference));
        Assert.All(Enumerable.Range(0, 8).Where(c => c != 5), c => Assert.True(similarity.Cosine[c] < 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddingSimilarity.Of(new PositionalEmbedding(1, 4), channels: 8, reference: 8));
    }

    [Fact]
    public void Where_nothing_differs_all_is_one() =>
        Assert.Equal([1.0], EmbeddingSimilarity.Of(new PositionalEmbedding(1.16, 40), channels: 1, reference: 0).Normalized);
}
