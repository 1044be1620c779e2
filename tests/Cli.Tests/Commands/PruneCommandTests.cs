using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.NetworkFiles;
using Nern.Representation;

namespace Nern.Cli.Tests.Commands;

public sealed class PruneCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public PruneCommandTests() => _workspace.Fit("--no-log");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_pruned_file_is_smaller_and_read_like_any_other()
    {
        var answer = _workspace.Run("prune", "@tiny.nern", "--sparsity", "0.5", "--scope", "global", "-o", "@pruned.nern");
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("weights are 0", answer.Output);
        var (before, after) = (NernFile.Load(_workspace.Path("tiny.nern")), NernFile.Load(_workspace.Path("pruned.nern")));
        Assert.Equal((int)Math.Round(0.5 * Weights(before)), Zeros(after));
        var saved = new FileInfo(_workspace.Path("tiny.nern")).Length - new FileInfo(_workspace.Path("pruned.nern")).Length;
        // Four bytes for each zero, less a bit for each weight and some text of the header.
        Assert.InRange(saved, (4 * Zeros(after)) - (Weights(before) / 8) - 1500, 4 * Zeros(after));
        Assert.Equal(ExitCode.Success, _workspace.Run("evaluate", "@pruned.nern", "--data", "cifar10:@cifar").ExitCode);
        Assert.Contains("sparsity", _workspace.Run("info", "@pruned.nern").Output);
    }

    [SkippableFact]
    public void Fine_tuning_keeps_the_zeros_and_moves_the_rest()
    {
        var answer = _workspace.Run(
            "prune", "@tiny.nern", "--sparsity", "0.5", "--fine-tune", "0.05", "--original", "@tiny.safetensors", "--data", "cifar10:@cifar",
            "-o", "@tuned.nern");
        Assert.Equal(ExitCode.Success, answer.ExitCode);
        _workspace.Run("prune", "@tiny.nern", "--sparsity", "0.5", "-o", "@pruned.nern");
        var (pruned, tuned) = (NernFile.Load(_workspace.Path("pruned.nern")), NernFile.Load(_workspace.Path("tuned.nern")));
        Assert.False(File.Exists(_workspace.Path("tuned.nern.checkpoint")));
        foreach (var (offset, count) in pruned.Design!.Shape.Weights)
            for (var i = offset; i < offset + count; i++)
                Assert.Equal(pruned.Parameters.Span[i] == 0, tuned.Parameters.Span[i] == 0);
        Assert.NotEqual(pruned.Parameters.ToArray(), tuned.Parameters.ToArray());
    }

    [Fact]
    public void A_network_is_pruned_too()
    {
        var answer = _workspace.Run(
            "prune", "@tiny.safetensors", "--architecture", "resnet8", "--sparsity", "0.25", "-o", "@sparse.safetensors");
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var graph = NernFile.Load(_workspace.Path("tiny.nern")).Graph;
        var weights = NetworkFile.Load(_workspace.Path("sparse.safetensors"), graph).Values("conv1.weight");
        Assert.Equal(weights.Length / 4, weights.Count(weight => weight == 0));
    }

    [Theory]
    [InlineData("takes a share from 0 to 1; got 1.5", "@tiny.nern", "--sparsity", "1.5")]
    [InlineData("takes minutes above 0; got 0", "@tiny.nern", "--sparsity", "0.5", "--fine-tune", "0")]
    [InlineData("Option '--sparsity' is required", "@tiny.nern")]
    [InlineData("'@tiny.nern' is not fine-tuned without --fine-tune: leave out --original", "@tiny.nern", "--sparsity", "0.5", "--original", "x")]
    [InlineData("'@tiny.nern' is a .nern file, which holds its architecture: leave out --architecture", "@tiny.nern", "--sparsity", "0.5",
        "--architecture", "resnet8")]
    [InlineData("'@tiny.safetensors' is no .nern file: leave out --fine-tune", "@tiny.safetensors", "--sparsity", "0.5", "--fine-tune", "1")]
    [InlineData("give the network that '@tiny.nern' was fitted to as --original", "@tiny.nern", "--sparsity", "0.5", "--fine-tune", "1")]
    [InlineData("give it --data or --noise", "@tiny.nern", "--sparsity", "0.5", "--fine-tune", "1", "--original", "@tiny.safetensors")]
    [InlineData("'@gone' cannot be read", "@gone", "--sparsity", "0.5", "--architecture", "resnet8")]
    public void What_makes_no_sense_is_refused(string sentence, params string[] arguments)
    {
        var answer = _workspace.Run(["prune", .. arguments, "-o", "@out.nern"]);
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(_workspace.Resolve(sentence), answer.Error);
        Assert.False(File.Exists(_workspace.Path("out.nern")));
    }

    private static int Weights(NeuralRepresentation representation) => representation.Design!.Shape.Weights.Sum(weight => weight.Count);

    private static int Zeros(NeuralRepresentation representation) =>
        representation.Design!.Shape.Weights.Sum(weight => representation.Parameters.Slice(weight.Offset, weight.Count).ToArray().Count(w => w == 0));
}
