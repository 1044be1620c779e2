using FsCheck;
using FsCheck.Fluent;
using Nern.Data;
using Nern.Data.Folders;
using Nern.Engine;
using Nern.Networks;

namespace Nern.Tests.Data.Folders;

public sealed class RandomCropsTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_part_lies_in_the_image_and_has_a_share_and_shape_that_are_allowed()
    {
        var sizes = from width in Gen.Choose(1, 700)
                    from height in Gen.Choose(1, 700)
                    from seed in Gen.Choose(
            0, 1 << 30)
                    select (width, height, seed);
        Prop.ForAll(sizes.ToArbitrary(), size =>
        {
            var generator = new SplitMix64((ulong)size.seed);
            var part = RandomCrops.Part(size.width, size.height, ref generator);
            Assert.True(part.Left >= 0 && part.Top >= 0 && part.Width > 0 && part.Height > 0);
            Assert.True(part.Left + part.Width <= size.width && part.Top + part.Height <= size.height);
            // Sides are whole pixels.
            if (Math.Min(size.width, size.height) > 100 && Math.Max(size.width, size.height) < 200)
            {
                Assert.InRange((double)part.Width / part.Height, 0.72, 1.39);
                Assert.InRange((double)part.Width * part.Height / (size.width * size.height), 0.07, 1);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Shares_of_the_area_are_uniform()
    {
        var generator = new SplitMix64(5);
        var mean = Enumerable.Range(0, 4000).Average(_ =>
        {
            var part = RandomCrops.Part(1000, 1000, ref generator);
            return part.Width * part.Height / 1e6;
        });
        // From 0.08 to 1, and those above 3/4 less often, which do not fit in every shape: 0.478.
        Assert.InRange(mean, 0.468, 0.488);
    }

    [Fact]
    public void An_epoch_is_every_image_once_and_a_position_goes_on_to_the_same_bits()
    {
        for (var i = 0; i < 5; i++)
            _folder.Add($"a/{i}.png", seed: (ulong)i);
        var source = Source();
        var generator = new Generator(3);
        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 5).Select(_ => source.Draw(generator).Index).Order());
        source.Draw(generator);
        var (position, state) = (source.Position, generator.State);
        var expected = Batch(source, 7, generator);

        var resumed = Source();
        resumed.Position = position;

        Assert.Equal(expected, Batch(resumed, 7, new Generator(0) { State = state }));
    }

    [Fact]
    public void It_does_not_matter_which_thread_writes_an_image()
    {
        for (var i = 0; i < 6; i++)
            _folder.Add($"a/{i}.png", seed: (ulong)i, width: 20 + (7 * i));
        _folder.AddText("a/3.png", "broken");
        var source = Source();
        var generator = new Generator(3);
        var drawn = Enumerable.Range(0, 40).Select(_ => source.Draw(generator)).ToArray();
        var expected = drawn.Select(image => Write(source, image)).ToArray();

        var other = Source();
        var actual = new (int Index, float[] Image)[drawn.Length];
        Parallel.For(0, drawn.Length, i => actual[i] = Write(other, drawn[i]));

        Assert.Equal(expected.Select(image => image.Index), actual.Select(image => image.Index));
        Assert.Equal(expected.SelectMany(image => image.Image), actual.SelectMany(image => image.Image));
    }

    [Fact]
    public void In_place_of_an_image_that_cannot_be_read_comes_the_next_and_its_index_is_told()
    {
        _folder.Add("a/0.png").AddText("a/1.png", "").AddText("a/2.png", "").Add("a/3.png", seed: 2).AddText("a/4.png", "");
        var source = Source();

        Assert.Equal([0, 3, 3, 3, 0], Enumerable.Range(0, 5).Select(i => Write(source, new(i, 1)).Index));
        Assert.Equal(Write(source, new(3, 9)).Image, Write(source, new(1, 9)).Image);
    }

    [Fact]
    public void None_that_can_be_read_is_an_error()
    {
        _folder.AddText("a/0.png", "");
        Assert.Contains("None of the 1 images", Assert.Throws<NernException>(() => Write(Source(), new(0, 1))).Message);
    }

    [Fact]
    public void Without_crops_images_are_their_middle_or_its_mirror_image()
    {
        _folder.Add("a/0.png");
        var source = Source(crop: 0);
        var images = Images();
        var plain = new float[images.ImageLength];
        images.TryRead(0, plain, Normalization.ImageNet);
        float[] mirrored = [.. plain.Chunk(images.Width).SelectMany(row => row.Reverse())];

        var written = Enumerable.Range(0, 20).Select(i => Write(source, new(0, (ulong)i)).Image).ToArray();

        Assert.All(written, image => Assert.True(image.SequenceEqual(plain) || image.SequenceEqual(mirrored)));
        Assert.Contains(written, image => image.SequenceEqual(plain));
        Assert.Contains(written, image => image.SequenceEqual(mirrored));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(plain, Write(Source(crop: 0, flip: false), new(0, (ulong)i)).Image));
    }

    private LabelledImages Images() => DataSource.Parse($"imagefolder:{_folder.FullName}").For(new(3, 8, 10)).Train;

    private IImageSource Source(int crop = 4, bool flip = true) => Images().Augmented(Normalization.ImageNet, crop, flip);

    private static (int Index, float[] Image) Write(IImageSource source, DrawnImage drawn)
    {
        var image = new float[source.Channels * source.Height * source.Width];
        return (source.Write(drawn, image), image);
    }

    private static float[] Batch(IImageSource source, int count, Generator generator)
    {
        var batch = new float[count * source.Channels * source.Height * source.Width];
        source.Fill(batch, count, generator);
        return batch;
    }
}
