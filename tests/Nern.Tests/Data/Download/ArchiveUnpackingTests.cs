using System.Formats.Tar;
using Nern.Data.Download;
using Entry = Nern.Tests.Data.Download.SmallArchive.Entry;

namespace Nern.Tests.Data.Download;

/// <summary>What no official archive holds; a digest would keep it out, and unpacking does so besides.</summary>
public sealed class ArchiveUnpackingTests : IDisposable
{
    private static readonly DownloadableArchive Archive = new(
        "cifar10", new("http://127.0.0.1/small.tar.gz"), 0, "", SmallArchive.Folder, ["a.bin"]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar-10-batches-bin/")]
    [InlineData("./cifar-10-batches-bin/")]
    public void Files_of_the_folder_are_taken(string prefix)
    {
        Unpack(new Entry($"{prefix}a.bin", [1]), new Entry($"{prefix}empty.txt", []));
        Assert.Equal([1], File.ReadAllBytes(_folder.File("images/a.bin")));
        Assert.Empty(File.ReadAllBytes(_folder.File("images/empty.txt")));
    }

    [Fact]
    public void Links_are_passed_over()
    {
        Unpack(
            new Entry($"{SmallArchive.Folder}/a.bin", [1]), new Entry($"{SmallArchive.Folder}/link.txt", null, LinkTo: "/etc/passwd"));
        Assert.Equal(["a.bin"], Directory.GetFileSystemEntries(_folder.File("images")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_link_to_images_is_none() =>
        Refused("'cifar-10-batches-bin/a.bin' is not in it", new Entry($"{SmallArchive.Folder}/a.bin", null, LinkTo: "/etc/passwd"));

    [Fact]
    public void Images_outside_of_the_folder_are_none() =>
        Refused("'cifar-10-batches-bin/a.bin' is not in it", new Entry($"{SmallArchive.Folder}/../a.bin", [1]), new Entry("a.bin", [1]));

    [Fact]
    public void A_file_that_comes_twice() =>
        Assert.Throws<IOException>(() => Unpack(
            new Entry($"{SmallArchive.Folder}/a.bin", [1]), new Entry($"{SmallArchive.Folder}/a.bin", [2])));

    [Fact]
    public void Something_that_is_no_archive()
    {
        File.WriteAllBytes(_folder.File("small.tar.gz"), new byte[5000]);
        Assert.StartsWith($"'{_folder.File("small.tar.gz")}' could not be unpacked: ", Assert.Throws<NernException>(Unpack).Message);
        AssertNothing();
    }

    [Fact]
    public void An_archive_that_ends_early()
    {
        var whole = SmallArchive.Make();
        File.WriteAllBytes(_folder.File("small.tar.gz"), whole[..(whole.Length / 2)]);
        Assert.Throws<NernException>(Unpack);
        AssertNothing();
    }

    [Fact]
    public void Stopped_it_leaves_nothing()
    {
        File.WriteAllBytes(_folder.File("small.tar.gz"), SmallArchive.Make());
        Assert.Throws<OperationCanceledException>(() => ArchiveUnpacking.Unpack(
            _folder.File("small.tar.gz"), Archive, _folder.File("images"), new CancellationToken(canceled: true)));
        AssertNothing();
    }

    private void Refused(string sentence, params Entry[] entries)
    {
        Assert.Contains(sentence, Assert.Throws<NernException>(() => Unpack(entries)).Message);
        AssertNothing();
    }

    private void Unpack(params Entry[] entries)
    {
        File.WriteAllBytes(_folder.File("small.tar.gz"), SmallArchive.Make(TarEntryFormat.Pax, entries));
        Unpack();
    }

    private void Unpack() => ArchiveUnpacking.Unpack(_folder.File("small.tar.gz"), Archive, _folder.File("images"), CancellationToken.None);

    private void AssertNothing() =>
        Assert.Equal(["small.tar.gz"], Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
}
