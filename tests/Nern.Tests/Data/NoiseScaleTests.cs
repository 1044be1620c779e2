using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Data;

public sealed class NoiseScaleTests
{
    private const int Count = 50, Side = 16, Area = Side * Side;

    private static readonly Normalization
        Inside = new([0, 0, 0], [1, 1, 1], range: 255),
        Plain = new([0, 0, 0], [1, 1, 1]),
        Halves = new([.5f, .5f, .5f], [.5f, .5f, .5f]),
        Caffe = new([104, 117, 123], [1, 1, 1], range: 255, ChannelOrder.Bgr);

    public static TheoryData<Normalization> Others => [Inside, Plain, Halves, Caffe];

    public static TheoryData<Normalization> Usual =>
        [Normalization.ImageNet, Normalization.Cifar100, new([.5f, .5f, .5f], [.25f, .25f, .25f]),
            new([123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f], range: 255)];

    [Theory]
    [MemberData(nameof(Usual))]
    public void Uniform_noise_is_the_paper_s_where_images_are_normalised_by_their_statistics(Normalization normalization) =>
        Assert.Equal(Draw(new UniformNoise(3, Side, Side)), Draw(new UniformNoise(3, Side, Side, normalization)));

    [Theory]
    [MemberData(nameof(Others))]
    [MemberData(nameof(Usual))]
    public void Fractal_noise_is_pixels_of_all_brightness_whatever_the_network_takes(Normalization normalization)
    {
        var pixels = Pixels(Draw(new FractalNoise(3, Side, Side, normalization)), normalization);

        Assert.All(pixels, pixel => Assert.InRange(pixel, -1e-5f, 1 + 1e-5f));
        Assert.InRange(pixels.Average(), 0.42f, 0.56f);
        Assert.InRange(pixels.Max() - pixels.Min(), 0.99f, 1.01f);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_network_that_normalises_inside_sees_the_noise_that_its_twin_sees(Normalization normalization)
    {
        foreach (var kind in new Func<Normalization,
            NoiseSource>[] { own => new UniformNoise(3, Side, Side, own), own => new FractalNoise(3, Side, Side, own) })
        {
            var twin = Pixels(Draw(kind(Normalization.ImageNet)), Normalization.ImageNet);
            var pixels = Pixels(Draw(kind(normalization)), normalization);
            if (normalization.Order == ChannelOrder.Bgr)
                // The noise of a channel is another one, but of the same place.
                Assert.Equal(twin.Average(), pixels.Average(), 0.02f);
            else
                Assert.All(twin.Zip(pixels), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public void One_channel_has_statistics_of_its_own_or_those_of_all()
    {
        Assert.Equal(Draw(new UniformNoise(1, Side, Side)), Draw(new UniformNoise(1, Side, Side, Normalization.Mnist)));
        Assert.All(Draw(new FractalNoise(1, Side, Side, new([0], [1]))), value => Assert.InRange(value, 0, 1));
        Assert.Throws<ArgumentException>(() => new FractalNoise(1, Side, Side, Normalization.ImageNet));
    }

    private static float[] Draw(NoiseSource source)
    {
        var batch = new float[Count * source.Channels * Area];
        source.Fill(batch, Count, new Generator(4));
        return batch;
    }

    /// <summary>What pixels, from 0 to 1, inputs are normalised from.</summary>
    private static float[] Pixels(float[] inputs, Normalization normalization) =>
        [.. inputs.Select((value, i) =>
            i / Area % 3 is var channel ? ((value * normalization.Std[channel]) + normalization.Mean[channel]) / normalization.Range : 0)];
}
