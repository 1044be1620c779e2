using Nern.Data;
using Nern.Data.Folders;
using Nern.Networks;

namespace Nern.Tests.Data.Folders;

public sealed class FolderImagesTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_is_the_middle_that_torchvision_cuts_out()
    {
        _folder.AddText("a/unused.png", "");
        File.Copy(Fixture.PathOf("noisy.png"), Path.Combine(_folder.FullName, "a", "1.png"));
        var images = Images(21, 21, 24);
        var pixels = new byte[images.ImageLength];
        Assert.True(images.TryRead(0, pixels));
        Assert.Equal(Fixture.Planes("middle.rgb"), pixels);

        var values = new float[images.ImageLength];
        Assert.True(images.TryRead(0, values, Normalization.ImageNet));
        var expected = new ImageSet(pixels, [0], 3, 21, 21, 1);
        var normalized = new float[images.ImageLength];
        expected.FillNormalized(normalized, 0, 1, Normalization.ImageNet);
        Assert.Equal(normalized, values);
    }

    [Fact]
    public void What_cannot_be_read_is_remembered_by_its_file_and_why()
    {
        _folder.Add("a/1.png").AddText("a/2.png", "").AddText("a/3.jpg", "\u0001");
        var files = new PictureFiles();
        var images = Images(8, 8, 9, files);
        var pixels = new byte[images.ImageLength];

        bool[] read = [.. Enumerable.Range(0, 6).Select(i => images.TryRead(i % 3, pixels))];

        Assert.Equal([true, false, false, true, false, false], read);
        Assert.Equal(2, files.Unreadable.Count);
        Assert.Contains("2.png", files.Unreadable[0]);
        Assert.Contains("should be a JPEG or PNG file", files.Unreadable[1]);
        Assert.Single(Enumerable.Chunk(images.ReadAll(Normalization.ImageNet), images.ImageLength));
    }

    [Fact]
    public void None_that_can_be_read_is_an_error()
    {
        _folder.AddText("a/1.png", "").AddText("a/2.png", "");

        var images = Images(8, 8, 9);

        var message = Assert.Throws<NernException>(() => images.ReadAll(Normalization.ImageNet)).Message;
        Assert.Contains("None of the 2 images can be read; the first is", message);
        Assert.Contains("1.png", message);
    }

    [Fact]
    public void Images_set_aside_are_spread_over_the_classes()
    {
        for (var i = 0; i < 10; i++)
            _folder.AddText($"c{i}/1.png", "");

        var (kept, aside) = Images(8, 8, 9).SetAside(3);

        Assert.Equal([0, 3, 6], aside.Labels.ToArray());
        Assert.Equal([1, 2, 4, 5, 7, 8, 9], kept.Labels.ToArray());
    }

    [Fact]
    public void Memory_of_another_size_is_refused()
    {
        _folder.Add("a/1.png");
        Assert.Throws<ArgumentException>(() => Images(8, 8, 9).TryRead(0, new byte[191]));
        Assert.Throws<ArgumentException>(() => Images(8, 8, 9).TryRead(0, new float[193], Normalization.ImageNet));
    }

    private FolderImages Images(int height, int width, int side, PictureFiles? files = null)
    {
        var folder = ImageFolder.List(_folder.FullName, ImageFolder.ReadClasses(_folder.FullName));
        return new(folder, files ?? new(), [.. Enumerable.Range(0, folder.Count)], new(3, height, width), side);
    }
}
