using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Data;

public sealed class ImageSetTests
{
    [Fact]
    public void FillNormalized_is_the_float32_formula_bit_for_bit()
    {
        var images = RandomImages(count: 5, height: 6, width: 7);
        var batch = new float[3 * images.ImageLength];

        images.FillNormalized(batch, first: 2, count: 3, Normalization.Cifar100);

        for (var i = 0; i < batch.Length; i++)
        {
            var channel = i / 42 % 3;
            var scaled = images.Image(2 + (i / images.ImageLength))[i % images.ImageLength] / 255f;
            var centred = scaled - Normalization.Cifar100.Mean[channel];
            Assert.Equal(centred / Normalization.Cifar100.Std[channel], batch[i]);
        }
    }

    [Fact]
    public void FillNormalized_refuses_what_does_not_fit()
    {
        var images = RandomImages(count: 2, height: 2, width: 2);

        Assert.Throws<ArgumentException>(() => images.FillNormalized(new float[11], 0, 1, Normalization.ImageNet));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.FillNormalized(new float[24], 1, 2, Normalization.ImageNet));
        Assert.Throws<ArgumentException>(() => images.FillNormalized(new float[12], 0, 1, new Normalization([0.5f], [0.5f])));
    }

    [Fact]
    public void An_image_set_refuses_labels_and_pixels_that_do_not_fit()
    {
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[11], [0], 3, 2, 2, 10));
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[12], [10], 3, 2, 2, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[12], [1], 3, 2, 2, 10).Image(1));
    }

    internal static ImageSet RandomImages(int count, int height, int width, ulong seed = 1)
    {
        var generator = new Generator(seed);
        var pixels = new byte[count * 3 * height * width];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)generator.NextInt32(256);
        return new ImageSet(pixels, new int[count], 3, height, width, 10);
    }
}
