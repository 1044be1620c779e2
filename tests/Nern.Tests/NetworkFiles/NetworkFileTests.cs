using Nern.NetworkFiles;
using Nern.Tests.Fitting;

namespace Nern.Tests.NetworkFiles;

public sealed class NetworkFileTests : IDisposable
{
    private readonly FitCase _case = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _case.Dispose();
    }

    [Theory]
    [InlineData("a.safetensors", 0)]
    [InlineData("a.onnx", 0)]
    // Of the records of a zip archive some are shorter in a file that can be gone back in.
    [InlineData("a.pth", 64)]
    [InlineData("A.PTH", 64)]
    public void The_size_of_a_file_is_known_before_it_is_written(string name, int mostAboveForEachTensor)
    {
        var path = _folder.File(name);
        NetworkFile.Save(path, _case.Network);
        var written = new FileInfo(path).Length;

        Assert.InRange(
            NetworkFile.SizeOf(path, _case.Network), written, written + (mostAboveForEachTensor * (_case.Network.Tensors.Count + 3)));
    }
}
