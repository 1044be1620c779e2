using Nern.Data;
using Nern.Tests.Data.Folders;

namespace Nern.Tests.Data;

public sealed class ImageFolderSourceTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "0 1 2 3 4 5 6", "0 1 2 3 4 5 6")]
    [InlineData(",test=0/3", "1 2 4 5", "0 3 6")]
    [InlineData(",train=1/2", "1 3 5", "0 2 4 6")]
    [InlineData(",train=0/2,test=1/2", "0 2 4 6", "1 3 5")]
    [InlineData(",test=2/3,train=0/3,resize=300", "0 3 6", "2 5")]
    public void A_folder_is_both_sets_or_parts_of_it_are(string options, string train, string test)
    {
        for (var i = 0; i < 7; i++)
            _folder.AddText($"c{i}/image.png", "");

        var source = DataSource.Parse($"imagefolder:{_folder.FullName}{options}");

        Assert.Equal(train, string.Join(' ', source.Train.Labels.ToArray()));
        Assert.Equal(test, string.Join(' ', source.Test.Labels.ToArray()));
        Assert.Equal((7, 7), (source.Train.Classes, source.Test.Classes));
        Assert.Equal((3, 224, 224), (source.Test.Channels, source.Test.Height, source.Test.Width));
    }

    [Fact]
    public void Folders_train_and_val_are_the_two_sets_with_the_classes_of_train()
    {
        _folder.AddText("train/a/1.png", "").AddText("train/b/1.png", "").AddText("train/b/2.png", "").AddText("val/b/1.png", "");

        var source = DataSource.Parse($"imagefolder:{_folder.FullName}");

        Assert.Equal([0, 1, 1], source.Train.Labels.ToArray());
        Assert.Equal([1], source.Test.Labels.ToArray());
        Assert.Equal([0, 1, 1], DataSource.Parse($"imagefolder:{_folder.FullName},test=0/1").Train.Labels.ToArray());
    }

    [Fact]
    public void Images_have_the_size_that_is_asked_for_and_sizes_share_what_cannot_be_read()
    {
        _folder.Add("a/1.png").AddText("a/2.png", "no image");

        var source = DataSource.Parse($"imagefolder:{_folder.FullName}");
        var small = source.For(new(3, 8, 10));

        Assert.Equal((8, 10), (small.Test.Height, small.Test.Width));
        Assert.True(small.Test.TryRead(0, new byte[240]));
        Assert.Empty(source.Unreadable);
        Assert.False(small.Test.TryRead(1, new byte[240]));
        Assert.Contains("2.png", Assert.Single(source.Unreadable));
    }

    [Theory]
    [InlineData("imagefolder:/data/images", "imagefolder:/data/images")]
    [InlineData("ImageFolder:images,resize=300,test=0/10", "imagefolder:/there/images,test=0/10,resize=300")]
    [InlineData("imagefolder:a,b=c/d,train=0/2", null)]
    [InlineData("imagefolder:a,b/c,train=0/2", "imagefolder:/there/a,b/c,train=0/2")]
    public void A_source_is_written_as_it_is_read(string text, string? expected)
    {
        if (expected is null)
            Assert.Contains("'b=c/d'", Assert.Throws<NernException>(() => DataSource.Parse(text)).Message);
        else
            Assert.Equal(expected, DataSource.Parse(text).From("/there").ToString());
    }

    [Theory]
    [InlineData("test=3/3")]
    [InlineData("test=1")]
    [InlineData("test=-1/3")]
    [InlineData("train=0/0")]
    [InlineData("resize=0")]
    [InlineData("resize=8193")]
    [InlineData("tests=0/2")]
    public void An_option_that_is_none_is_named(string option) =>
        Assert.Contains($"got '{option}'", Assert.Throws<NernException>(() => DataSource.Parse($"imagefolder:x,{option}")).Message);

    [Fact]
    public void Nothing_to_choose_from_and_crops_that_do_not_fit_are_said()
    {
        _folder.Add("a/1.png");

        Assert.Contains("none is chosen",
            Assert.Throws<NernException>(() => DataSource.Parse($"imagefolder:{_folder.FullName},test=1/2").Test).Message);
        Assert.Contains("224 x 224", Assert.Throws<NernException>(() =>
            DataSource.Parse($"imagefolder:{_folder.FullName},resize=200").Test).Message);
        Assert.Contains("should name a folder after the scheme",
            Assert.Throws<NernException>(() => DataSource.Parse("imagefolder:")).Message);
    }

    [SkippableFact]
    public void Every_tenth_class_of_the_sample_is_every_fifth_of_its_images_and_halves_do_not_meet()
    {
        var folder = RealData.Path("imagenet-sample/val");

        var tenth = DataSource.Parse($"imagefolder:{folder},test=0/5").Test;
        var halves = DataSource.Parse($"imagefolder:{folder},train=0/2,test=1/2");

        Assert.Equal(Enumerable.Range(0, 100).Select(i => 10 * i), tenth.Labels.ToArray());
        Assert.Equal((250, 250, 1000), (halves.Train.Count, halves.Test.Count, halves.Test.Classes));
        Assert.Empty(halves.Train.Labels.ToArray().Intersect(halves.Test.Labels.ToArray()));
    }

    [SkippableFact]
    public void All_images_of_the_sample_can_be_read()
    {
        var source = DataSource.Parse($"imagefolder:{RealData.Path("imagenet-sample/val")}");
        var read = 0;
        Parallel.For(0, source.Test.Count, () => new byte[source.Test.ImageLength],
            (i, _, pixels) =>
            {
                if (source.Test.TryRead(i, pixels))
                    Interlocked.Increment(ref read);
                return pixels;
            }, _ => { });

        Assert.Empty(source.Unreadable);
        Assert.Equal(500, read);
    }
}
