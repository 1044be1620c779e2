using Nern.Data.Folders;

namespace Nern.Tests.Data.Folders;

public sealed class ImageFolderTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_in_the_order_of_their_classes_and_names()
    {
        _folder.AddText("b/2.JPEG", "").AddText("b/10.png", "").AddText("B/1.jpg", "").AddText("a/3.jpeg", "").AddText("a/notes.txt", "");

        var folder = ImageFolder.List(_folder.FullName, ImageFolder.ReadClasses(_folder.FullName));

        Assert.Equal(["B/1.jpg", "a/3.jpeg", "b/10.png", "b/2.JPEG"], Enumerable.Range(0, folder.Count).Select(folder.Name));
        Assert.Equal([0, 1, 2, 2], Enumerable.Range(0, folder.Count).Select(folder.Label));
        Assert.Equal(3, folder.Classes);
        Assert.Equal(Path.Combine(_folder.FullName, "a", "3.jpeg"), folder.Path(1));
    }

    [Fact]
    public void Hidden_folders_and_files_are_left_out()
    {
        _folder.AddText("b/1.png", "").AddText("a/1.png", "").AddText("a/._1.png", "").AddText(".ipynb_checkpoints/1-checkpoint.png", "");

        var folder = ImageFolder.List(_folder.FullName, ImageFolder.ReadClasses(_folder.FullName));

        Assert.Equal(["a/1.png", "b/1.png"], Enumerable.Range(0, folder.Count).Select(folder.Name));
        Assert.Equal((2, 0), (folder.Classes, folder.EmptyFolders.Count));
    }

    [Theory]
    [InlineData("synsets.txt", "")]
    [InlineData("synsets.txt", "val")]
    [InlineData("val/synsets.txt", "val")]
    public void A_list_of_classes_in_the_folder_or_beside_it_numbers_them(string list, string root)
    {
        _folder.AddText(Path.Combine(root, "n3/1.png"), "").AddText(Path.Combine(root, "n1/1.png"), "")
            .AddText(list, "n3 third thing\nn2\n\nn1\tfirst\n");
        var path = Path.Combine(_folder.FullName, root);

        var folder = ImageFolder.List(path, ImageFolder.ReadClasses(path));

        Assert.Equal((3, 0, 2), (folder.Classes, folder.Label(0), folder.Label(1)));
        Assert.Equal("n3/1.png", folder.Name(0));
    }

    [Fact]
    public void What_is_not_as_it_should_be_is_said()
    {
        var gone = Path.Combine(_folder.FullName, "gone");
        Assert.Contains($"no folder '{gone}'", Assert.Throws<NernException>(() => ImageFolder.ReadClasses(gone)).Message);
        Assert.Contains("it holds no folders", Assert.Throws<NernException>(() => ImageFolder.ReadClasses(_folder.FullName)).Message);
        _folder.AddText("a/notes.txt", "");
        Assert.Contains("no such files", Assert.Throws<NernException>(() => ImageFolder.List(_folder.FullName, ["a"])).Message);
        Assert.Contains("'a' is the name of none of 2",
            Assert.Throws<NernException>(() => ImageFolder.List(_folder.FullName, ["b", "c"])).Message);
        _folder.AddText("synsets.txt", "a\nb\na\n");
        Assert.Contains("'a' is there more than once",
            Assert.Throws<NernException>(() => ImageFolder.ReadClasses(_folder.FullName)).Message);
    }
}
