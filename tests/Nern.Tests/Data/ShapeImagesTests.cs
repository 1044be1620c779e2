using System.Security.Cryptography;
using Nern.Data;

namespace Nern.Tests.Data;

public sealed class ShapeImagesTests
{
    private static readonly ImageSet Pictures = ShapeImages.Draw(seed: 7, first: 0, count: 1000);

    [Fact]
    public void A_seed_and_an_index_always_give_the_same_bytes()
    {
        var pixels = Enumerable.Range(0, 20).SelectMany(i => Pictures.Image(i).ToArray()).ToArray();

        Assert.Equal("134ca082b73c0a3478f1394d9de9dc971dbd0fc9bf2c83b9255d9773df3177a2", Convert.ToHexStringLower(SHA256.HashData(pixels)));
    }

    [Fact]
    public void A_picture_is_the_same_whichever_range_is_asked_for()
    {
        var part = ShapeImages.Draw(seed: 7, first: 123, count: 45);

        for (var i = 0; i < part.Count; i++)
        {
            Assert.Equal(Pictures.Labels[123 + i], part.Labels[i]);
            Assert.Equal(Pictures.Image(123 + i).ToArray(), part.Image(i).ToArray());
        }
        Assert.NotEqual(Pictures.Image(0).ToArray(), ShapeImages.Draw(seed: 8, first: 0, count: 1).Image(0).ToArray());
    }

    [Fact]
    public void Ten_classes_are_named_and_equally_frequent()
    {
        Assert.Equal(
            ["disc", "ring", "square", "hexagon", "triangle", "star", "cross", "stripes", "checks", "dots"], ShapeImages.ClassNames);
        Assert.All(Pictures.Labels.ToArray().CountBy(label => label), count => Assert.Equal(100, count.Value));
        Assert.Equal((3, 32, 32, 10), (Pictures.Channels, Pictures.Height, Pictures.Width, Pictures.Classes));
    }

    [Fact]
    public void No_picture_is_there_twice_or_both_for_training_and_for_testing()
    {
        var (train, test) = (ShapeImages.Train(), ShapeImages.Test());
        var seen = new HashSet<string>();

        foreach (var set in new[] { train, test })
            for (var i = 0; i < set.Count; i++)
                Assert.True(seen.Add(Convert.ToHexString(SHA256.HashData(set.Image(i)))));
    }

    [Fact]
    public void Pixels_have_about_the_statistics_that_they_are_normalised_with()
    {
        var normalised = new float[Pictures.Count * Pictures.ImageLength];
        Pictures.FillNormalized(normalised, 0, Pictures.Count, ShapeImages.Normalization);

        Assert.InRange(normalised.Average(), -0.1, 0.1);
        Assert.InRange(normalised.Average(value => (double)value * value), 0.8, 1.25);
    }

    [Fact]
    public void Every_picture_varies_and_few_pixels_are_clipped()
    {
        var clipped = 0;
        for (var i = 0; i < Pictures.Count; i++)
        {
            var pixels = Pictures.Image(i).ToArray();
            Assert.True(pixels.Distinct().Count() > 20);
            clipped += pixels.Count(pixel => pixel is 0 or 255);
        }
        Assert.InRange(clipped, 0, Pictures.Count * Pictures.ImageLength / 10);
    }

    [Fact]
    public void Ranges_that_do_not_exist_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapeImages.Draw(0, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapeImages.Draw(0, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapeImages.Draw(0, int.MaxValue, 1));
        Assert.Equal(0, ShapeImages.Draw(0, int.MaxValue, 0).Count);
    }
}
