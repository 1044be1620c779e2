using Nern.Fitting;
using Nern.Kernels;
using Nern.Predictor;

namespace Nern.Tests.Predictor;

public sealed class GaussianEmbeddingTests
{
    [Fact]
    public void Each_axis_is_embedded_with_frequencies_of_its_own()
    {
        var embedding = new GaussianEmbedding(new[] { 0.5f, 2, 0, -3, 1, 7 });
        Span<float> values = stackalloc float[4];

        Assert.Equal((2, 4), (embedding.Levels, embedding.Size));
        for (var axis = 0; axis < 3; axis++)
        {
            embedding.Embed(axis, 0.3, values);
            for (var level = 0; level < 2; level++)
            {
                var angle = 2 * Math.PI * 0.3 * embedding.Frequencies.Span[(2 * axis) + level];
                Assert.Equal(Math.Sin(angle), values[2 * level], 1e-6);
                Assert.Equal(Math.Cos(angle), values[(2 * level) + 1], 1e-6);
            }
        }
    }

    [Fact]
    public void Frequencies_are_normal_with_the_axis_s_scale()
    {
        var embedding = new EmbeddingScales(2, 0, 30).Draw(1024, new Generator(1));

        foreach (var (axis, scale) in new[] { (0, 2.0), (1, 0), (2, 30) })
        {
            double[] values = [.. embedding.Frequencies.Slice(axis * 1024, 1024).ToArray()];
            Assert.Equal(0, values.Average(), scale * 0.1);
            Assert.Equal(scale, Math.Sqrt(values.Average(value => value * value)), scale * 0.07);
            if (scale > 0)
                Assert.Equal(0.683, values.Count(value => Math.Abs(value) < scale) / 1024.0, 0.05);
        }
    }

    [Fact]
    public void The_seed_decides_and_no_other_draw_is_shifted()
    {
        LearnableLayer[] layers = [new("a", 4, 3, 3, 3)];
        var options = new FitOptions { Predictor = new() { EmbeddingKind = EmbeddingKind.Gaussian }, Seed = 7 };

        Assert.Equal(Design(options).Embedding, Design(options).Embedding);
        Assert.NotEqual(Design(options).Embedding, Design(options with { Seed = 8 }).Embedding);
        Assert.NotEqual(Design(options).Embedding, options.Predictor.EmbeddingScales.Draw(40, new Generator(7)));

        PredictorDesign Design(FitOptions options) => options.Predictor.CreateDesign(new KernelLayout(layers), options.Seed);
    }

    [Fact]
    public void Frequencies_that_make_no_embedding_are_refused()
    {
        Assert.Equal("The embedding's frequencies must fill 3 axes; got 7.", Refused(new float[7]));
        Assert.Equal("The embedding takes 1 to 1024 levels; got 0.", Refused([]));
        Assert.Contains("got NaN", Refused([1, 2, float.NaN]));
        Assert.Contains("at most", Refused([1, 2, float.NegativeInfinity]));

        static string Refused(float[] frequencies) => Assert.Throws<NernException>(() => new GaussianEmbedding(frequencies)).Message;
    }
}
