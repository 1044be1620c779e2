using Nern.Fitting;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Onnx;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Fitting;

namespace Nern.Tests.Onnx;

/// <summary>It does not matter to a fit whether its network comes from a builder or from a model.</summary>
public sealed class OnnxFitTests : IDisposable
{
    private readonly CpuEngine _engine = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_network_of_ours_is_fitted_to_the_same_bits()
    {
        var network = RandomNetwork.Of(CifarResNet.Build(8), new Generator(6));
        NetworkFile.Save(_folder.File("a.onnx"), network);

        Assert.Equal(Fitted(network), Fitted(OnnxFile.Load(_folder.File("a.onnx"))));
    }

    [Fact]
    public void A_network_of_PyTorch_s_is_fitted_to_the_same_bits()
    {
        var path = OnnxFixture.Path("residual.onnx");

        Assert.Equal(Fitted(NetworkFile.Load(path, Residual())), Fitted(OnnxFile.Load(path)));
    }

    private float[] Fitted(Network network)
    {
        var (random, shape) = (new Generator(7), network.Graph.InputShape);
        float[] images = [.. RandomNetwork.Uniform(12 * shape.Count, random).Select(value => (float)value)];
        var inputs = new FitInputs(new GivenImages(shape, images[..(8 * shape.Count)]), images.AsMemory(8 * shape.Count), null, null);
        using var fit = FitRound.Prepare(_engine, network, inputs, FitCase.Options with
        {
            Objective = FitCase.Options.Objective with { Warmup = 2 },
            Budget = FitCase.Options.Budget with { Steps = 5 },
        });
        fit.Run();
        return fit.Step.Predictor.Parameters.ToArray();
    }

    /// <summary>The network that make_fixtures.py calls Residual.</summary>
    private static Graph Residual()
    {
        var graph = new GraphBuilder(new(3, 20, 20));
        var value = graph.Relu(graph.ConvolutionAndNorm(0, "conv1", "bn1", 4, kernel: 3, stride: 1, padding: 1), "relu1");
        var carried = graph.Append(new PadChannels("pad", [graph.Append(new Subsample("sample", [value], 2))], 2, 2));
        value = graph.Relu(graph.ConvolutionAndNorm(value, "conv2", "bn2", 8, kernel: 3, stride: 2, padding: 1), "relu2");
        value = graph.ConvolutionAndNorm(value, "conv3", "bn3", 8, kernel: 3, stride: 1, padding: 1);
        value = graph.Relu(graph.Append(new Add("add", [value, carried])), "relu3");
        value = graph.Append(new Flatten("flatten", [graph.Append(new GlobalAveragePool("mean", [value]))]));
        graph.Append(new Gemm("linear", [value], 5));
        return graph.Build();
    }
}
