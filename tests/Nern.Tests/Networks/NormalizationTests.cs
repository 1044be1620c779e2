using Nern.Networks;
using Nern.Tests.Data;

namespace Nern.Tests.Networks;

public sealed class NormalizationTests
{
    [Fact]
    public void Statistics_that_cannot_be_used_are_named()
    {
        Assert.Contains("2 and 1", Assert.Throws<NernException>(() => new Normalization([0f, 0f], [1f])).Message);
        Assert.Contains("channel 1", Assert.Throws<NernException>(() => new Normalization([0f, 0f], [1f, 0f])).Message);
        Assert.Contains("channel 0", Assert.Throws<NernException>(() => new Normalization([float.NaN], [1f])).Message);
        Assert.Throws<NernException>(() => new Normalization([], []));
    }

    [Fact]
    public void Networks_from_Caffe_take_bytes_less_the_mean_and_blue_first()
    {
        var images = ImageSetTests.RandomImages(count: 1, height: 2, width: 3);
        var normalization = new Normalization([104, 117, 123], [1, 1, 1], range: 255, ChannelOrder.Bgr);
        var batch = new float[18];

        images.FillNormalized(batch, 0, 1, normalization);

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(images.Image(0)[12 + i] - 104f, batch[i]);
            Assert.Equal(images.Image(0)[6 + i] - 117f, batch[6 + i]);
            Assert.Equal(images.Image(0)[i] - 123f, batch[12 + i]);
        }
    }

    [Fact]
    public void Augmented_images_have_the_order_of_colours_too()
    {
        var images = ImageSetTests.RandomImages(count: 1, height: 4, width: 5);
        var (mean, std) = (new float[] { .1f, .2f, .3f }, new float[] { .4f, .5f, .6f });
        var rgb = new float[60];
        var bgr = new float[60];

        images.Augmented(new([.. mean.Reverse()], [.. std.Reverse()])).Write(new(0, 7), rgb);
        images.Augmented(new(mean, std, order: ChannelOrder.Bgr)).Write(new(0, 7), bgr);

        Assert.Equal([.. rgb[40..], .. rgb[20..40], .. rgb[..20]], bgr);
    }

    [Fact]
    public void A_range_or_order_that_cannot_be_is_named()
    {
        Assert.Contains("1 or 255; got 256", Assert.Throws<NernException>(() => new Normalization([0f], [1f], range: 256)).Message);
        Assert.Contains("three channels",
            Assert.Throws<NernException>(() => new Normalization([0f], [1f], order: ChannelOrder.Bgr)).Message);
    }
}
