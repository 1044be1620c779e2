using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Data;

public sealed class AugmentedImagesTests
{
    [Fact]
    public void Without_augmentation_an_epoch_is_every_image_once()
    {
        var images = ImageSetTests.RandomImages(count: 10, height: 4, width: 5);
        var source = new AugmentedImages(images, Normalization.ImageNet, padding: 0, flip: false);
        var generator = new Generator(3);
        var expected = new float[10 * images.ImageLength];
        images.FillNormalized(expected, 0, 10, Normalization.ImageNet);

        var orders = new List<int[]>();
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var order = new List<int>();
            foreach (var count in new[] { 4, 3, 3 })
            {
                var batch = new float[count * images.ImageLength];
                source.Fill(batch, count, generator);
                order.AddRange(batch.Chunk(images.ImageLength).Select(image => IndexOf(image, expected)));
            }
            Assert.Equal(Enumerable.Range(0, 10), order.Order());
            orders.Add([.. order]);
        }
        Assert.NotEqual(orders[0], orders[1]);
    }

    [Fact]
    public void Every_image_is_a_crop_of_the_padded_and_perhaps_mirrored_original_and_all_kinds_occur()
    {
        var images = ImageSetTests.RandomImages(count: 1, height: 6, width: 5);
        var source = new AugmentedImages(images, Normalization.ImageNet, padding: 2);
        var generator = new Generator(11);
        var expected = new Dictionary<string, (bool, int, int)>();
        foreach (var mirrored in new[] { false, true })
            for (var down = -2; down <= 2; down++)
                for (var right = -2; right <= 2; right++)
                    expected.Add(Key(Crop(images, mirrored, down, right)), (mirrored, down, right));

        var seen = new HashSet<(bool, int, int)>();
        var batch = new float[images.ImageLength];
        for (var i = 0; i < 600; i++)
        {
            source.Fill(batch, 1, generator);
            Assert.True(expected.TryGetValue(Key(batch), out var kind), "not a crop of the image");
            seen.Add(kind);
        }
        Assert.Equal(50, seen.Count);
    }

    [Fact]
    public void Half_of_the_images_are_mirrored()
    {
        var images = ImageSetTests.RandomImages(count: 1, height: 4, width: 4);
        var source = new AugmentedImages(images, Normalization.ImageNet, padding: 0);
        var generator = new Generator(5);
        var plain = Key(Crop(images, mirrored: false, 0, 0));
        var batch = new float[images.ImageLength];

        var mirrored = 0;
        for (var i = 0; i < 2000; i++)
        {
            source.Fill(batch, 1, generator);
            mirrored += Key(batch) == plain ? 0 : 1;
        }
        Assert.InRange(mirrored, 900, 1100);
    }

    [Fact]
    public void Position_and_generator_continue_with_the_same_images()
    {
        var images = ImageSetTests.RandomImages(count: 7, height: 4, width: 4);
        var source = new AugmentedImages(images, Normalization.ImageNet);
        var generator = new Generator(1);
        source.Fill(new float[5 * images.ImageLength], 5, generator);
        var (position, state) = (source.Position, generator.State);
        var expected = new float[9 * images.ImageLength];
        source.Fill(expected, 9, generator);

        var restored = new AugmentedImages(images, Normalization.ImageNet) { Position = position };
        var actual = new float[expected.Length];
        restored.Fill(actual, 9, new Generator(0) { State = state });

        Assert.Equal(expected, actual);
        Assert.Equal(source.Position, restored.Position);
    }

    [Fact]
    public void A_position_outside_the_images_is_refused()
    {
        var source = new AugmentedImages(ImageSetTests.RandomImages(count: 7, height: 4, width: 4), Normalization.ImageNet);

        Assert.Contains("got 8", Assert.Throws<NernException>(() => source.Position = new EpochPosition(1, 8)).Message);
        Assert.Throws<NernException>(() => source.Position = new EpochPosition(1, -1));
    }

    [Fact]
    public void Fill_allocates_nothing_within_an_epoch()
    {
        var images = ImageSetTests.RandomImages(count: 256, height: 8, width: 8);
        IImageSource[] sources = [new AugmentedImages(images, Normalization.ImageNet), new UniformNoise(3, 8, 8)];
        var generator = new Generator(1);
        var batch = new float[16 * images.ImageLength];
        foreach (var source in sources)
        {
            source.Fill(batch, 16, generator);
            Allocation.AssertNone(2, () => source.Fill(batch, 16, generator));
        }
    }

    [Fact]
    public void A_batch_of_the_wrong_length_is_refused()
    {
        IImageSource[] sources =
        [
            new AugmentedImages(ImageSetTests.RandomImages(count: 3, height: 4, width: 4), Normalization.ImageNet),
            new UniformNoise(3, 4, 4),
        ];
        foreach (var source in sources)
            Assert.Contains("96 values; got 95", Assert.Throws<ArgumentException>(
                () => source.Fill(new float[95], 2, new Generator(1))).Message);
    }

    private static float[] Crop(ImageSet images, bool mirrored, int down, int right)
    {
        var normalised = new float[images.ImageLength];
        images.FillNormalized(normalised, 0, 1, Normalization.ImageNet);
        var crop = new float[images.ImageLength];
        for (var i = 0; i < crop.Length; i++)
        {
            var channel = i / (images.Height * images.Width);
            var row = (i / images.Width % images.Height) + down;
            var column = (i % images.Width) + right;
            if (mirrored)
                column = images.Width - 1 - column;
            crop[i] = row < 0 || row >= images.Height || column < 0 || column >= images.Width
                ? (0f - Normalization.ImageNet.Mean[channel]) / Normalization.ImageNet.Std[channel]
                : normalised[(((channel * images.Height) + row) * images.Width) + column];
        }
        return crop;
    }

    private static string Key(float[] values) => string.Join(';', values);

    private static int IndexOf(float[] image, float[] all) =>
        Array.FindIndex(all.Chunk(image.Length).ToArray(), candidate => candidate.AsSpan().SequenceEqual(image));
}
