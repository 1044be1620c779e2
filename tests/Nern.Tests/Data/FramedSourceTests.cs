using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Data;

public sealed class FramedSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FramedSourceTests()
    {
        var generator = new Generator(3);
        var records = new byte[20 * 3073];
        for (var i = 0; i < records.Length; i++)
            records[i] = (byte)generator.NextInt32(i % 3073 == 0 ? 10 : 256);
        File.WriteAllBytes(_folder.File("some.bin"), records);
    }

    private string Cifar => $"cifar10:{_folder.File("some.bin")}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_of_the_shape_asked_for_are_the_set_itself()
    {
        var source = DataSource.Parse(Cifar);

        Assert.Same(source.Test, source.For(new(3, 32, 32)).Test);
        Assert.Null(source.For(new(3, 32, 32)).Test.Preparation);
        Assert.Equal(Cifar, source.For(new(3, 32, 32)).ToString());
    }

    [Fact]
    public void Resize_makes_images_of_that_size_for_any_network_that_takes_it()
    {
        var source = DataSource.Parse($"{Cifar},resize=224");

        Assert.Equal((3, 224, 224, 20), (source.Train.Channels, source.Train.Height, source.Train.Width, source.Train.Count));
        var images = source.For(new(3, 192, 224)).Test;
        Assert.Equal((192, 224), (images.Height, images.Width));
        Assert.Equal($"Images of '{Cifar}' for 224x192: those of 32x32 are resized to 224 on the shorter side, and the middle is cut out.",
            images.Preparation);
        Assert.Equal($"{Cifar},resize=224", source.For(new(3, 224, 224)).ToString());
        Assert.Equal("cifar10:/there/x,resize=99", DataSource.Parse("cifar10:x,resize=99").From("/there").ToString());
    }

    [Fact]
    public void To_be_resized_to_their_own_size_changes_no_pixel()
    {
        var (plain, resized) = (DataSource.Parse(Cifar).Test, DataSource.Parse($"{Cifar},resize=32").For(new(3, 32, 32)).Test);
        var (expected, pixels) = (new byte[plain.ImageLength], new byte[plain.ImageLength]);
        for (var i = 0; i < plain.Count; i++)
        {
            Assert.True(plain.TryRead(i, expected) && resized.TryRead(i, pixels));
            Assert.Equal(expected, pixels);
        }
    }

    [Fact]
    public void Training_images_are_resized_from_what_they_would_be()
    {
        var (plain, resized) = (DataSource.Parse(Cifar).Train, DataSource.Parse($"{Cifar},resize=32").For(new(3, 32, 32)).Train);
        var (expected, image) = (new float[plain.ImageLength], new float[plain.ImageLength]);
        var (cifar, framed) = (plain.Augmented(Normalization.ImageNet), resized.Augmented(Normalization.ImageNet));
        for (var i = 0; i < 100; i++)
        {
            cifar.Write(new(i % 20, (ulong)i), expected);
            framed.Write(new(i % 20, (ulong)i), image);
            Assert.Equal(expected, image);
        }
    }

    [Theory]
    [InlineData(3, 224, 224, "The network takes images of 3x224x224, those of '@' are 3x32x32: @,resize=224 resizes them.")]
    [InlineData(1, 33, 33, "The network takes images of 1x33x33, those of '@' are 3x32x32: @,resize=33 resizes them.")]
    [InlineData(3, 25, 25, "The network takes images of 3x25x25, those of '@' are 3x32x32: @,resize=25 resizes them.")]
    public void Another_size_has_to_be_asked_for(int channels, int height, int width, string expected) => Assert.Equal(
        expected.Replace("@", Cifar, StringComparison.Ordinal),
        Assert.Throws<NernException>(() => DataSource.Parse(Cifar).For(new(channels, height, width)).Test).Message);

    [Fact]
    public void Of_a_slightly_smaller_network_the_images_are_the_middle()
    {
        var images = DataSource.Parse(Cifar).For(new(3, 28, 26)).Test;
        var pixels = new byte[images.ImageLength];
        Assert.True(images.TryRead(4, pixels));
        Assert.Equal(((ImageSet)DataSource.Parse(Cifar).Test).Image(4)[(2 * 32) + 3], pixels[0]);
    }

    [Fact]
    public void Colours_become_grey_and_grey_all_colours_with_the_statistics_that_go_with_them()
    {
        var grey = DataSource.Parse("shapes").For(new(1, 32, 32));
        Assert.Equal((1, 1), (grey.Test.Channels, grey.DefaultNormalization.Channels));
        Assert.Equal((0.5f, 0.25f), (grey.DefaultNormalization.Mean[0], grey.DefaultNormalization.Std[0]));

        var images = new FramedSourceOfGrey().For(new(3, 2, 2));
        var pixels = new byte[12];
        Assert.True(images.Test.TryRead(0, pixels));
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], pixels);
        Assert.Equal([.1307f, .1307f, .1307f], images.DefaultNormalization.Mean);
    }

    [Theory]
    [InlineData("cifar10:x,resize=0", "Behind 'cifar10:x' may stand resize=PIXELS (1 to 8192); got 'resize=0'.")]
    [InlineData("mnist:x,resize=9999", "got 'resize=9999'")]
    [InlineData("shapes,size=3", "Behind 'shapes' may stand resize=PIXELS (1 to 8192); got 'size=3'.")]
    [InlineData("cifar100:x,test=0/10", "got 'test=0/10'")]
    public void An_option_that_is_none_is_named(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<NernException>(() => DataSource.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Less_than_the_network_takes_is_refused() => Assert.Contains(
        "is resized to 20 pixels, of which no 32 x 32 can be cut out",
        Assert.Throws<NernException>(() => DataSource.Parse($"{Cifar},resize=20").For(new(3, 32, 32)).Test).Message,
        StringComparison.Ordinal);

    private sealed class FramedSourceOfGrey() : DataSource(Set, Set)
    {
        public override Normalization DefaultNormalization => Normalization.Mnist;

        public override DataSource From(string folder) => this;

        public override string ToString() => "grey";

        private static ImageSet Set() => new([1, 2, 3, 4], [0], channels: 1, height: 2, width: 2, classes: 1);
    }
}
