using Nern.Files;
using Nern.Tests.Checkpoints;

namespace Nern.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_creates_the_file_and_leaves_nothing_beside_it()
    {
        AtomicFile.Write(_folder.File("a"), stream => stream.Write("one"u8));

        Assert.Equal("one", File.ReadAllText(_folder.File("a")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Write_replaces_an_existing_file_only_when_it_is_complete()
    {
        var path = _folder.File("a");
        File.WriteAllText(path, "a longer text from before");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            Assert.Equal("a longer text from before", File.ReadAllText(path));
        });

        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_that_fails_keeps_the_old_file_and_removes_the_temporary_one()
    {
        var path = _folder.File("a");
        File.WriteAllText(path, "old");

        Assert.Throws<FormatException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new FormatException();
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Write_reports_a_failing_disk_with_path_and_reason()
    {
        var path = _folder.File("a");
        var message = TestFiles.ErrorOf(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device.")));

        Assert.Equal($"'{path}' could not be written: No space left on device.", message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void What_the_system_says_of_the_temporary_file_is_left_out()
    {
        var path = _folder.File("a");
        var message = TestFiles.ErrorOf(
            () => AtomicFile.Write(path, stream => throw new IOException($"No space left on device : '{((FileStream)stream).Name}'")));

        Assert.Equal($"'{path}' could not be written: No space left on device.", message);
    }

    [Fact]
    public void Write_into_a_missing_folder_names_the_folder()
    {
        var path = _folder.File("none/a");

        Assert.Equal(
            $"'{path}' could not be written: the folder '{_folder.File("none")}' does not exist.",
            TestFiles.ErrorOf(() => AtomicFile.Write(path, _ => { })));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void Write_to_a_folder_is_refused(string ending)
    {
        var path = _folder.FullName + ending;

        Assert.Equal(
            $"'{path}' could not be written: expected the path of a file, found a folder.",
            TestFiles.ErrorOf(() => AtomicFile.Write(path, _ => { })));
    }

    [Fact]
    public void Write_below_a_file_is_refused_with_the_path()
    {
        File.WriteAllText(_folder.File("a"), "");

        Assert.StartsWith(
            $"'{_folder.File("a/b")}' could not be written: ",
            TestFiles.ErrorOf(() => AtomicFile.Write(_folder.File("a/b"), _ => { })));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a\0b", "a?b")]
    public void Write_to_what_is_no_path_is_refused(string path, string shown) =>
        Assert.Equal(
            $"'{shown}' could not be written: it is not the path of a file.",
            TestFiles.ErrorOf(() => AtomicFile.Write(path, _ => { })));
}
