using Nern.Checkpoints;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class ReconstructCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Reconstruct_keeps_names_and_order_and_every_tensor_that_is_not_predicted()
    {
        _workspace.Fit();
        var answer = _workspace.Run("reconstruct", "@tiny.nern", "-o", "@again.safetensors");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var original = Checkpoint.Read(_workspace.Path("tiny.safetensors"));
        var again = Checkpoint.Read(_workspace.Path("again.safetensors"));
        Assert.Equal(original.Names, again.Names);
        foreach (var name in original.Names)
            Assert.Equal(
                !name.Contains("conv", StringComparison.Ordinal),
                original.Tensors[name].Data.Span.SequenceEqual(again.Tensors[name].Data.Span));
    }

    [Fact]
    public void Reconstruct_gives_the_same_bytes_each_time()
    {
        _workspace.Fit();
        _workspace.Run("reconstruct", "@tiny.nern", "-o", "@first.safetensors");
        _workspace.Run("reconstruct", "@tiny.nern", "-o", "@second.safetensors");

        Assert.Equal(File.ReadAllBytes(_workspace.Path("first.safetensors")), File.ReadAllBytes(_workspace.Path("second.safetensors")));
    }
}
