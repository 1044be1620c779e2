using Nern.Checkpoints;
using Nern.Files;
using Nern.NetworkFiles;
using Nern.Tests.Checkpoints;

namespace Nern.Tests.Files;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n", "a Git LFS pointer, which names the file and does not hold it: git lfs pull fetches it")]
    [InlineData("\uFEFF\n  <!DOCTYPE HTML><html></html>", "an HTML page: the address it was downloaded from answers with a page instead of the file")]
    [InlineData("<html lang=\"en\">", "an HTML page: the address it was downloaded from answers with a page instead of the file")]
    public void What_a_download_leaves_in_the_place_of_a_file_is_said(string text, string found)
    {
        var (checkpoint, model) = (_folder.File("a.pth"), _folder.File("a.onnx"));
        File.WriteAllText(checkpoint, text);
        File.WriteAllText(model, text);

        Assert.Equal(
            $"'{checkpoint}' cannot be read: expected a safetensors file or a PyTorch checkpoint, found {found}.",
            TestFiles.ErrorOf(() => Checkpoint.Read(checkpoint)));
        Assert.Equal($"'{model}' cannot be read: expected an ONNX model, found {found}.", TestFiles.ErrorOf(() => NetworkFile.Load(model)));
    }

    [Fact]
    public void The_length_is_that_of_the_file_that_a_link_leads_to()
    {
        File.WriteAllBytes(_folder.File("a"), new byte[1234]);
        File.CreateSymbolicLink(_folder.File("b"), "a");
        File.CreateSymbolicLink(_folder.File("c"), _folder.File("b"));

        Assert.Equal([1234, 1234, 1234], new[] { "a", "b", "c" }.Select(name => InputFile.LengthOf(_folder.File(name))));
    }
}
