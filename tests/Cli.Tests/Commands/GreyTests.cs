using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Tests.Commands;

/// <summary>A network of one channel through the commands.</summary>
public sealed class GreyTests : IDisposable
{
    private const int Side = 28;

    private static readonly string[] Fit = ["fit", "@grey.onnx", "--steps", "3", "--hidden", "8", "--batch", "8", "--kernels", "16", "-o",
        "@grey.nern"];

    private readonly Workspace _workspace = new();

    public GreyTests()
    {
        var builder = new GraphBuilder(new(1, Side, Side));
        var maps = builder.Append(new Convolution("conv", [0], 4, 3, 3, Window.Square(1, 1), HasBias: true));
        builder.Append(new Gemm("fc", [builder.Append(new GlobalAveragePool("pool", [builder.Append(new Relu("relu", [maps]))]))], 10));
        var graph = builder.Build();
        NetworkFile.Save(_workspace.Path("grey.onnx"), new Network(graph, TinyModel.Tensors(graph)));
        foreach (var part in new[] { "train", "t10k" })
        {
            _workspace.Write($"mnist/{part}-images-idx3-ubyte",
                [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, Side, 0, 0, 0, Side, .. Enumerable.Range(0, 40 * Side * Side)
                    .Select(i => (byte)(i * 7 / 5))]);
            _workspace.Write($"mnist/{part}-labels-idx1-ubyte",
                [0, 0, 8, 1, 0, 0, 0, 40, .. Enumerable.Range(0, 40).Select(i => (byte)(i % 10))]);
        }
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void MNIST_is_fitted_and_evaluated_with_its_statistics()
    {
        var answer = _workspace.Run([.. Fit, "--data", "mnist:@mnist"]);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Equal([.1307f], NernFile.Load(_workspace.Path("grey.nern")).Provenance.Mean);

        string[] evaluate = ["evaluate", "@grey.nern", "--data", "mnist:@mnist", "--original", "@grey.onnx"];
        Assert.Equal(_workspace.Run(evaluate), _workspace.Run([.. evaluate, "--mean", "0.1307", "--std", "0.3081"]));
        Assert.NotEqual(_workspace.Run(evaluate), _workspace.Run([.. evaluate, "--mean", "0.9", "--std", "0.3081"]));
    }

    [Fact]
    public void The_built_in_pictures_are_taken_in_grey()
    {
        var answer = _workspace.Run([.. Fit, "--data", "shapes"]);
        Assert.Equal(
            (ExitCode.Success, "nern: Images of 'shapes' for 28x28: those of 32x32 are not resized, the middle is cut out; in grey.\n"),
            (answer.ExitCode, answer.Error));
        Assert.Equal([.5f], NernFile.Load(_workspace.Path("grey.nern")).Provenance.Mean);
    }

    [Fact]
    public void Noise_needs_no_images_and_says_what_it_takes_the_network_for()
    {
        Assert.StartsWith("nern: Note: the noise is as images normalised by ImageNet's statistics;",
            _workspace.Run([.. Fit, "--noise"]).Error);
        Assert.Equal("", _workspace.Run([.. Fit, "--noise", "--mean", "0", "--std", "1", "--range", "255"]).Error);
    }

    [Fact]
    public void Statistics_of_three_channels_are_refused()
    {
        var answer = _workspace.Run("evaluate", "@grey.onnx", "--data", "mnist:@mnist", "--mean", "1,2,3", "--std", "1");
        Assert.Equal(
            (ExitCode.BadInput, "nern: --mean and --std take a number for each of the 1 channels; got 3.\n"),
            (answer.ExitCode, answer.Error));
    }

    [Fact]
    public void A_sigmoid_of_several_scores_is_told_of()
    {
        var graph = new GraphBuilder(new(1, Side, Side));
        var maps = graph.Append(new Convolution("conv", [0], 4, 3, 3, Window.Square(1, 1), HasBias: true));
        var scores = graph.Append(new Gemm("fc", [graph.Append(new GlobalAveragePool("pool", [maps]))], 10));
        graph.Append(new Sigmoid("labels", [scores]));
        var built = graph.Build();
        NetworkFile.Save(_workspace.Path("labels.onnx"), new Network(built, TinyModel.Tensors(built)));

        Assert.StartsWith(
            "nern: Note: the network ends in a sigmoid of 10 scores,",
            _workspace.Run("evaluate", "@labels.onnx", "--data", "mnist:@mnist").Error);
    }
}
