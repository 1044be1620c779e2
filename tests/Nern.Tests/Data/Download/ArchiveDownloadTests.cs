using System.Formats.Tar;
using System.Security.Cryptography;
using Nern.Data;
using Nern.Data.Download;

namespace Nern.Tests.Data.Download;

public sealed class ArchiveDownloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ArchiveServer _server = new(SmallArchive.Make());
    private readonly ArchiveDownload _download;

    public ArchiveDownloadTests() => _download = new(_server.Archive, _folder.File("data"));

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_official_archives()
    {
        Assert.Equal("cifar-10-binary.tar.gz", DownloadableArchive.Cifar10.FileName);
        Assert.Equal("cifar-100-binary.tar.gz", DownloadableArchive.Cifar100.FileName);
        foreach (var archive in new[] { DownloadableArchive.Cifar10, DownloadableArchive.Cifar100 })
        {
            Assert.Equal((Uri.UriSchemeHttps, "www.cs.toronto.edu"), (archive.Address.Scheme, archive.Address.Host));
            Assert.Matches("^[0-9a-f]{64}$", archive.Sha256);
            Assert.Equal(archive.Name, DataSource.Parse($"{archive.Name}:{archive.Folder}").ToString().Split(':')[0]);
        }
    }

    [Fact]
    public void Leaves_the_images_and_nothing_else()
    {
        var parts = new List<double>();
        Assert.False(_download.IsDone());
        _download.Run(new Listener(parts.Add));

        Assert.True(_download.IsDone());
        AssertDone();
        Assert.Equal(1, parts[^1]);
        Assert.Equal(parts.Order(), parts);
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Takes_every_kind_of_tar(TarEntryFormat format)
    {
        var file = SmallArchive.Make(format);
        var archive = _server.Archive with { Bytes = file.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)) };
        _server.File = file;
        new ArchiveDownload(archive, _folder.File("data")).Run();
        AssertDone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Connections_that_break_off_are_taken_up_again(bool hidesLength)
    {
        (_server.Most, _server.HidesLength) = (50_000, hidesLength);
        _download.Run();
        AssertDone();
        Assert.Equal(["", "bytes=50000-", "bytes=100000-", "bytes=150000-"], _server.Ranges);
    }

    [Fact]
    public void Goes_on_where_an_earlier_try_ended()
    {
        _server.Most = 70_000;
        (_server.Stalls, var stop) = (true, new CancellationTokenSource());
        Assert.ThrowsAny<OperationCanceledException>(() => _download.Run(new Listener(part =>
        {
            if (part >= 70_000.0 / _server.File.Length)
                stop.Cancel();
        }), stop.Token));
        Assert.Equal(_server.File[..70_000], File.ReadAllBytes(_download.Part));
        Assert.False(_download.IsDone());

        _server.Most = int.MaxValue;
        _download.Run();
        Assert.Equal(["", "bytes=70000-"], _server.Ranges);
        AssertDone();
    }

    [Fact]
    public void Begins_anew_where_the_server_does_not_go_on()
    {
        WritePart(_server.File[..1000]);
        _server.IgnoresRange = true;
        _download.Run();
        Assert.Equal(["bytes=1000-"], _server.Ranges);
        AssertDone();
    }

    [Fact]
    public void A_server_that_does_not_go_on_and_never_comes_to_the_end_is_left()
    {
        (_server.IgnoresRange, _server.Most) = (true, 50_000);
        var sentence = Assert.Throws<NernException>(() => _download.Run()).Message;
        Assert.Equal(["", "bytes=50000-"], _server.Ranges);
        Assert.Contains($"to go on after 50000 of {_server.File.Length} bytes", sentence);
    }

    [Fact]
    public void A_part_that_is_complete_needs_no_server()
    {
        WritePart(_server.File);
        _download.Run();
        Assert.Empty(_server.Ranges);
        AssertDone();
    }

    [Fact]
    public void A_part_that_is_too_long_is_given_up()
    {
        WritePart([.. _server.File, 0]);
        _download.Run();
        Assert.Equal([""], _server.Ranges);
        AssertDone();
    }

    [Fact]
    public void An_archive_put_there_by_hand_needs_no_server_and_stays()
    {
        Directory.CreateDirectory(_folder.File("data"));
        File.WriteAllBytes(_download.Archive, _server.File);
        _download.Run();
        Assert.Empty(_server.Ranges);
        AssertDone(besides: "small.tar.gz");
    }

    [Fact]
    public void Another_archive_put_there_by_hand_is_refused_and_stays()
    {
        Directory.CreateDirectory(_folder.File("data"));
        File.WriteAllBytes(_download.Archive, [1, 2, 3]);
        var sentence = Assert.Throws<NernException>(() => _download.Run()).Message;
        Assert.Equal(
            $"'{_download.Archive}' should have the SHA-256 {_server.Archive.Sha256}; it has "
            + $"{Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))}, in 3 bytes: delete it, or put the right one in its place.",
            sentence);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_download.Archive));
    }

    [Fact]
    public void Wrong_bytes_are_refused_and_deleted()
    {
        _server.File = [.. _server.File];
        _server.File[^1000] ^= 1;
        var sentence = Assert.Throws<NernException>(() => _download.Run()).Message;
        Assert.Contains($"should have the SHA-256 {_server.Archive.Sha256}; it has ", sentence);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("data")));
    }

    [Fact]
    public void A_file_of_another_length_costs_nothing_of_what_is_there()
    {
        WritePart(_server.File[..1000]);
        (_server.File, _server.IgnoresRange) = (new byte[77], true);
        var sentence = Assert.Throws<NernException>(() => _download.Run()).Message;
        Assert.Contains($"expected {_server.Archive.Bytes} bytes, found 77", sentence);
        Assert.Equal(1000, new FileInfo(_download.Part).Length);
    }

    [Fact]
    public void A_failure_says_where_the_file_may_be_put()
    {
        _server.Status = "404 Not Found";
        var sentence = Assert.Throws<NernException>(() => _download.Run()).Message;
        Assert.Equal(
            $"'{_server.Archive.Address}' could not be downloaded: the server answered 404 (Not Found); try again, or get the file another "
            + $"way, put it at '{_download.Archive}' and repeat the command.",
            sentence);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("data")));
    }

    [Fact]
    public void Without_a_server_too()
    {
        _server.Dispose();
        Assert.Contains("Connection refused; try again", Assert.Throws<NernException>(() => _download.Run()).Message);
    }

    [Fact]
    public async Task A_silent_server_is_not_waited_for()
    {
        (_server.Most, _server.Stalls) = (0, true);
        var download = new ResumableDownload(_server.Archive.Address, _server.Archive.Bytes, _folder.File("part"))
        {
            Patience = TimeSpan.FromSeconds(1),
        };
        Assert.Equal("the server was silent for 1 seconds", await download.Run(null, CancellationToken.None));
    }

    [Fact]
    public void Something_else_where_the_images_are_to_be()
    {
        Directory.CreateDirectory(_download.Target);
        Assert.Contains("'data_batch_1.bin' is missing: move the folder away",
            Assert.Throws<NernException>(() => _download.IsDone()).Message);
        Directory.Delete(_download.Target);
        File.WriteAllText(_download.Target, "");
        Assert.Contains("it is a file", Assert.Throws<NernException>(() => _download.IsDone()).Message);
    }

    private void WritePart(byte[] bytes)
    {
        Directory.CreateDirectory(_folder.File("data"));
        File.WriteAllBytes(_download.Part, bytes);
    }

    private void AssertDone(params string[] besides)
    {
        Assert.Equal(
            ["batches.meta.txt", "data_batch_1.bin", "test_batch.bin"],
            Directory.GetFileSystemEntries(_download.Target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(SmallArchive.Records(1), File.ReadAllBytes(Path.Combine(_download.Target, "data_batch_1.bin")));
        Assert.Equal(30, CifarReader.ReadTest(_download.Target, CifarFormat.Cifar10).Count);
        Assert.Equal(
            besides.Prepend(SmallArchive.Folder),
            Directory.GetFileSystemEntries(_folder.File("data")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
