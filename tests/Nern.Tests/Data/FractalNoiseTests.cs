using Nern.Data;

namespace Nern.Tests.Data;

public sealed class FractalNoiseTests
{
    private const int Images = 400, Channels = 3, Side = 32, Area = Side * Side;

    private static readonly float[] Batch = Draw(new FractalNoise(Channels, Side, Side), Images, 9);

    [Fact]
    public void The_same_seed_gives_the_same_pictures() =>
        Assert.Equal(Batch, Draw(new FractalNoise(Channels, Side, Side), Images, 9));

    [Fact]
    public void Pictures_have_no_mean_and_unit_variance_together()
    {
        Assert.All(Batch, value => Assert.InRange(value, -3f, 3f));
        Assert.InRange(Batch.Average(), -0.1f, 0.1f);
        Assert.InRange(Batch.Average(value => value * value), 0.7f, 1.6f);
    }

    [Fact]
    public void Pictures_differ_in_brightness_and_contrast()
    {
        var means = Enumerable.Range(0, Images).Select(i => Batch.AsSpan(i * Channels * Area, Channels * Area).ToArray().Average())
            .ToArray();
        Assert.True(Deviation(means) > 0.3);
        var contrasts = Enumerable.Range(0, Images).Select(i => Deviation(Batch.AsSpan(i * Channels * Area, Area).ToArray())).ToArray();
        Assert.True(contrasts.Max() > 3 * contrasts.Min());
    }

    [Fact]
    public void Neighbouring_pixels_and_channels_are_alike_as_in_pictures_and_unlike_in_white_noise()
    {
        Assert.True(Correlation(Batch, 1) > 0.8);
        Assert.True(Correlation(Batch, Side) > 0.8);
        Assert.InRange(Correlation(Batch, Area), 0.3, 0.99);
        Assert.InRange(Correlation(Draw(new UniformNoise(Channels, Side, Side), Images, 9), 1), -0.05, 0.05);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 7, 19)]
    [InlineData(3, 300, 5)]
    public void Any_shape_is_filled(int channels, int height, int width)
    {
        var batch = Draw(new FractalNoise(channels, height, width), 3, 2);
        Assert.All(batch, value => Assert.True(float.IsFinite(value) && value != 0));
    }

    private static float[] Draw(IImageSource source, int images, ulong seed)
    {
        var batch = new float[images * source.Channels * source.Height * source.Width];
        source.Fill(batch, images, new Generator(seed));
        return batch;
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Correlation(float[] values, int distance)
    {
        var (products, squares) = (0.0, 0.0);
        for (var i = 0; i + distance < values.Length; i++)
            (products, squares) = (products + (values[i] * values[i + distance]), squares + (values[i] * values[i]));
        return products / squares;
    }
}
