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

    [SkippableTheory]
    [InlineData("original.onnx")]
    [InlineData("original.safetensors")]
    [InlineData("original.pth")]
    public void The_original_is_never_overwritten_by_whichever_path(string name)
    {
        AddOriginal(name);
        var before = File.ReadAllBytes(_workspace.Path(name));
        var extension = Path.GetExtension(name);
        Directory.CreateDirectory(_workspace.Path("sub"));
        File.CreateSymbolicLink(_workspace.Path($"link{extension}"), _workspace.Path(name));
        File.CreateSymbolicLink(_workspace.Path($"sub/relative{extension}"), $"../{name}");
        Directory.CreateSymbolicLink(_workspace.Path("folder"), _workspace.Path(""));
        File.Copy(_workspace.Path(name), _workspace.Path($"copy{extension}"));

        foreach (var path in new[]
        {
            $"@{name}", $"@sub/../{name}", $"@link{extension}", $"@sub/relative{extension}", $"@folder/{name}", $"@copy{extension}",
        })
            Refused(path, _workspace.Run("reconstruct", "@fitted.nern", "-o", path));
        foreach (var path in new[] { name, $"./sub/../{name}", $"link{extension}" })
            Refused(
                path,
                NernProcess.Run(_workspace, $"cd '{_workspace.Path("")}' && exec \"$@\"", "reconstruct", "@fitted.nern", "-o", path));

        var other = _workspace.Run("reconstruct", "@fitted.nern", "-o", $"@other{extension}");
        Assert.Equal((ExitCode.Success, ""), (other.ExitCode, other.Error));
        // A reconstruction of before is no original.
        Assert.Equal(ExitCode.Success, _workspace.Run("reconstruct", "@fitted.nern", "-o", $"@other{extension}").ExitCode);

        void Refused(string path, Answer answer)
        {
            Assert.Equal(
                (ExitCode.BadInput,
                    $"nern: '{_workspace.Resolve(path)}' could not be written: it is the original that "
                    + $"'{_workspace.Path("fitted.nern")}' was fitted to.\n"),
                (answer.ExitCode, answer.Error));
            Assert.Equal(before, File.ReadAllBytes(_workspace.Path(name)));
        }
    }

    [Fact]
    public void Reconstruct_and_info_need_no_oneDNN_and_evaluate_says_what_is_missing()
    {
        _workspace.Fit();
        const string Without = "NERN_ONEDNN=/nowhere/libdnnl.so exec \"$@\"";

        Assert.Equal(ExitCode.Success, NernProcess.Run(_workspace, Without, "info", "@tiny.nern").ExitCode);
        Assert.Equal(ExitCode.Success, NernProcess.Run(_workspace, Without, "reconstruct", "@tiny.nern", "-o", "@without.safetensors").ExitCode);
        var evaluated = NernProcess.Run(
            _workspace, Without, "evaluate", "@tiny.nern", "--original", "@tiny.safetensors", "--data", "cifar10:@cifar");
        Assert.NotEqual(ExitCode.Success, evaluated.ExitCode);
        Assert.StartsWith("nern: NERN_ONEDNN names '/nowhere/libdnnl.so', which could not be loaded: ", evaluated.Error);
        _workspace.Run("reconstruct", "@tiny.nern", "-o", "@with.safetensors");
        Assert.Equal(File.ReadAllBytes(_workspace.Path("with.safetensors")), File.ReadAllBytes(_workspace.Path("without.safetensors")));
    }

    private void AddOriginal(string name)
    {
        _workspace.Fit("--no-log");
        Assert.Equal(ExitCode.Success, _workspace.Run("reconstruct", "@tiny.nern", "-o", $"@{name}").ExitCode);
        string[] architecture = Path.GetExtension(name) == ".onnx" ? [] : ["--architecture", TinyModel.Architecture];
        Assert.Equal(
            ExitCode.Success,
            _workspace.Run(
                [
                    "fit", $"@{name}", "--data", "cifar10:@cifar", "--steps", "3", "--hidden", "8", "--batch", "8", "--no-log",
                    "-o", "@fitted.nern", .. architecture,
                ]).ExitCode);
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
