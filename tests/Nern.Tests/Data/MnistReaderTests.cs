using System.IO.Compression;
using Nern.Data;

namespace Nern.Tests.Data;

public sealed class MnistReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{0}-{1}-idx{2}-ubyte", false)]
    [InlineData("{0}-{1}-idx{2}-ubyte.gz", true)]
    [InlineData("{0}-{1}.idx{2}-ubyte", false)]
    [InlineData("MNIST/raw/{0}-{1}-idx{2}-ubyte", false)]
    // Unpacked under the old name by some browsers.
    [InlineData("{0}-{1}-idx{2}-ubyte.gz", false)]
    public void Images_and_labels_are_found_as_they_are_or_packed(string name, bool packed)
    {
        foreach (var (part, first) in new[] { ("train", 0), ("t10k", 100) })
        {
            Write(string.Format(null, name, part, "images", 3), Idx(Enumerable.Range(first, 12), 2, 3, 2), packed);
            Write(string.Format(null, name, part, "labels", 1), Idx([7, 0], 2), packed);
        }

        var source = DataSource.Parse($"mnist:{_folder.FullName}");

        Assert.Equal((2, 1, 3, 2, 10),
            (source.Train.Count, source.Train.Channels, source.Train.Height, source.Train.Width, source.Train.Classes));
        Assert.Equal([7, 0], source.Train.Labels.ToArray());
        Assert.Equal([6, 7, 8, 9, 10, 11], ((ImageSet)source.Train).Image(1).ToArray());
        Assert.Equal([100, 101, 102, 103, 104, 105], ((ImageSet)source.Test).Image(0).ToArray());
        Assert.Equal($"mnist:{_folder.FullName}", source.ToString());
    }

    [Fact]
    public void Labels_above_nine_are_more_classes() => Assert.Equal(27, Read(Idx([0, 0], 2, 1, 1), Idx([26, 1], 2)).Classes);

    [Fact]
    public void What_is_no_such_file_is_said()
    {
        var labels = Idx([1, 2], 2);
        Says("'images' should be an IDX file of unsigned bytes in 3 dimensions, which begins with the bytes 0, 0, 8, 3; it begins with none.", [], labels);
        Says("it begins with 60, 33, 68, 79.", "<!DOCTYPE html>"u8.ToArray(), labels);
        // Floats, and labels in the place of images.
        Says("it begins with 0, 0, 13, 3.", [0, 0, 13, 3, .. new byte[12]], labels);
        Says("it begins with 0, 0, 8, 1.", labels, labels);
        Says("'images' ends within its header.", [0, 0, 8, 3, 0, 0], labels);
        Says("'images' should hold 12 values; it ends after 11.", Idx(Enumerable.Range(0, 12), 2, 3, 2)[..^1], labels);
        Says("'images' should hold 12 values; it goes on behind them.", [.. Idx(Enumerable.Range(0, 12), 2, 3, 2), 0], labels);
        Says("'images' should hold images; it says it has 2 x 0 x 5 values.", Idx([], 2, 0, 5), labels);
        Says("'images' should hold images; it says it has 0 x 5 x 5 values.", Idx([], 0, 5, 5), Idx([], 0));
        Says("'images' says it has more than", [0, 0, 8, 3, .. Enumerable.Repeat((byte)0xFF, 12)], labels);
        Says("'images' holds 1 images, 'labels' 2 labels; they should be as many.", Idx([1], 1, 1, 1), labels);
        Says("'images' cannot be unpacked", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 255, 255], labels);
        Says("'images' should hold 12 values; it ends after", Packed(Idx(Enumerable.Range(0, 11), 2, 3, 2)), labels);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Says(() => MnistReader.ReadTest(_folder.File("gone")), $"no folder '{_folder.File("gone")}'");
        Says(() =>
            MnistReader.ReadTest(_folder.FullName), "should hold t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz; it holds neither");
        Write("t10k-images-idx3-ubyte", Idx([1], 1, 1, 1), packed: false);
        Says(() => MnistReader.ReadTest(_folder.FullName), "should hold t10k-labels-idx1-ubyte or");
    }

    [Fact]
    public void A_small_file_that_says_it_is_large_takes_no_memory()
    {
        byte[] claims = [0, 0, 8, 3, 0, 1, 0, 0, 0, 0, 0, 100, 0, 0, 0, 100];
        foreach (var file in new[] { claims, Packed(claims) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<NernException>(() => Read(file, Idx([], 0)));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    private static void Says(string expected, byte[] images, byte[] labels) => Says(() => Read(images, labels), expected);

    private static void Says(Action read, string expected) =>
        Assert.Contains(expected, Assert.Throws<NernException>(read).Message, StringComparison.Ordinal);

    private static ImageSet Read(byte[] images, byte[] labels) => MnistReader.Read(("images", images), ("labels", labels));

    private void Write(string name, byte[] bytes, bool packed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), packed ? Packed(bytes) : bytes);
    }

    internal static byte[] Idx(IEnumerable<int> values, params int[] dimensions) =>
    [
        0, 0, 8, (byte)dimensions.Length, .. dimensions.SelectMany(extent => new byte[] { 0, 0, (byte)(extent >> 8), (byte)extent }),
        .. values.Select(value => (byte)value),
    ];

    internal static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
            stream.Write(bytes);
        return packed.ToArray();
    }
}
