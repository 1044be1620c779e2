using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Data.Folders;

/// <summary>Pictures of a folder that have the size of the network, or nearly.</summary>
public sealed class OwnSizeTests : IDisposable
{
    private const int Side = 12;

    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    public void Pixels_are_those_of_the_middle_of_the_file(int wider, int higher)
    {
        var set = Write(1, Side + wider, Side + higher);
        var pixels = new byte[3 * Side * Side];

        Assert.True(Images().TryRead(0, pixels));

        var (left, top) = ((int)Math.Round(wider / 2.0), (int)Math.Round(higher / 2.0));
        Assert.Equal(
            from channel in Enumerable.Range(0, 3)
            from y in Enumerable.Range(top, Side)
            from x in Enumerable.Range(left, Side)
            select set.Image(0)[(((channel * set.Height) + y) * set.Width) + x], pixels);
    }

    [Fact]
    public void Training_images_of_the_network_s_size_are_the_padded_crops_of_CIFAR_to_the_bit()
    {
        var set = Write(3, Side, Side);
        var (folder, expected) = (Images().Augmented(Normalization.ImageNet), set.Augmented(Normalization.ImageNet));
        var (image, other) = (new float[set.ImageLength], new float[set.ImageLength]);
        for (var i = 0; i < 300; i++)
        {
            var drawn = new DrawnImage(i % 3, (ulong)i);
            Assert.Equal(expected.Write(drawn, other), folder.Write(drawn, image));
            Assert.Equal(other, image);
        }
    }

    [Fact]
    public void Training_images_of_a_slightly_larger_picture_are_its_parts_and_all_of_it_is_seen()
    {
        // Two more before the middle and one behind, and a crop of less: nothing from outside.
        const int Wider = Side + 3;
        Write(1, Wider, Wider, grey: i => (byte)(100 + (i % Wider)));
        var source = Images().Augmented(new([0, 0, 0], [1, 1, 1], range: 255), crop: 1, flip: false);
        var image = new float[3 * Side * Side];
        var firsts = new HashSet<float>();
        for (var i = 0; i < 200; i++)
        {
            source.Write(new(0, (ulong)i), image);
            Assert.All(image, value => Assert.InRange(value, 100, 100 + Wider - 1));
            Assert.Equal(image[0] + Side - 1, image[Side - 1]);
            firsts.Add(image[0]);
        }
        Assert.Equal([100f, 101f, 102f, 103f], firsts.Order());
    }

    [Fact]
    public void Grey_of_a_colour_is_Pillow_s_and_grey_files_keep_their_bytes()
    {
        var set = Write(2, Side, Side);
        _folder.Add("b/0.png", channels: 1, width: Side, height: Side);
        var colour = Images();
        var images = Images(channels: 1);
        var (pixels, planes) = (new byte[Side * Side], new byte[3 * Side * Side]);
        Assert.True(images.TryRead(0, pixels));
        var area = Side * Side;
        var expected = Enumerable.Range(0, area).Select(i =>
            (byte)Math.Round(((set.Image(0)[i] * 19595.0) + (set.Image(0)[area + i] * 38470.0)
                + (set.Image(0)[(2 * area) + i] * 7471.0)) / 65536));
        Assert.Equal(expected, pixels);

        Assert.True(images.TryRead(2, pixels) && colour.TryRead(2, planes));
        Assert.All(planes.Chunk(area), plane => Assert.Equal(pixels, plane));
    }

    [Fact]
    public void What_is_done_is_said_for_each_kind_of_size()
    {
        _folder.Add("a/1.png", width: Side, height: Side).Add("a/2.png", width: Side, height: Side)
            .Add("a/3.png", width: Side + 1, height: Side)
            .Add("a/4.png", width: 50, height: 40).Add("a/5.png", width: 51, height: 40).Add("a/6.png", width: 52, height: 40)
                .AddText("a/7.png", "");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "results"));
        Assert.Equal(
            $"Images of '{_folder.FullName}' for 12x12: those of several sizes are resized to 14 on the shorter side, and the middle is cut out; "
            + "those of 12x12 stay as they are; those of 13x12 are not resized, the middle is cut out; in grey. "
            + "Folders without an image are classes too: results.", Images(channels: 1).Preparation);
    }

    [SkippableFact]
    public void CIFAR_written_as_a_folder_is_CIFAR()
    {
        var cifar = DataSource.Parse($"cifar10:{RealData.Path("cifar10")}").Test;
        var pixels = new byte[cifar.ImageLength];
        for (var i = 0; i < 60; i++)
        {
            cifar.TryRead(i, pixels);
            _folder.Add($"{cifar.Labels[i]}/{i:D4}.png", pixels, 32, 32);
        }
        var folder = DataSource.Parse($"imagefolder:{_folder.FullName}").For(new(3, 32, 32)).Test;
        var places = Enumerable.Range(0, 60).OrderBy(i => cifar.Labels[i]).ThenBy(i => i).ToArray();
        var read = new byte[cifar.ImageLength];
        for (var i = 0; i < places.Length; i++)
        {
            Assert.True(cifar.TryRead(places[i], pixels) && folder.TryRead(i, read));
            Assert.Equal(pixels, read);
        }
    }

    private LabelledImages Images(int channels = 3) =>
        DataSource.Parse($"imagefolder:{_folder.FullName}").For(new(channels, Side, Side)).Train;

    /// <summary>Writes random pictures as files of class a; the same as a set.</summary>
    private ImageSet Write(int count, int width, int height, Func<int, byte>? grey = null)
    {
        var generator = new Generator(7);
        var pixels = new byte[count * 3 * width * height];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = grey?.Invoke(i) ?? (byte)generator.NextInt32(256);
        var set = new ImageSet(pixels, new int[count], 3, height, width, 1);
        for (var i = 0; i < count; i++)
            _folder.Add($"a/{i}.png", set.Image(i), width, height);
        return set;
    }
}
