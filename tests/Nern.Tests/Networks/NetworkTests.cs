using System.Security.Cryptography;
using Nern.Checkpoints.Safetensors;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Tensors;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Representation;

namespace Nern.Tests.Networks;

public sealed class NetworkTests
{
    private static readonly Graph Graph = ExampleGraphs.Build("residual B");

    [Fact]
    public void Everything_that_does_not_fit_is_listed_in_one_message()
    {
        var tensors = new OrderedDictionary<string, Tensor>(RandomNetwork.Of(Graph, new Generator(1)).Tensors);
        tensors.Remove("bn1.bias");
        tensors.Remove("linear.weight");
        tensors["conv1.weight"] = Tensor.From([3, 6, 3, 3], new float[162]);
        tensors["bn1.weight"] = new Tensor(ElementType.Int32, [6], new byte[24]);
        tensors.Add("fc.bias", Tensor.From([4], new float[4]));

        Assert.Equal(
            "resnet.th does not fit the architecture: conv1.weight is [3, 6, 3, 3] instead of [6, 3, 3, 3], "
            + "bn1.weight holds Int32 instead of floating-point numbers, bn1.bias is missing, linear.weight is missing, "
            + "fc.bias is unexpected.",
            Assert.Throws<NernException>(() => new Network(Graph, [.. tensors], new("resnet.th", 1, "", ""))).Message);
    }

    [Fact]
    public void A_long_list_is_cut()
    {
        var message = Assert.Throws<NernException>(() => new Network(Graph, [])).Message;

        Assert.StartsWith("The network does not fit the architecture: conv1.weight is missing, bn1.weight is missing, ", message);
        Assert.EndsWith($" and {Graph.Parameters.Count - 12} more.", message);
    }

    [Fact]
    public void A_tensor_given_twice_is_refused()
    {
        var tensors = RandomNetwork.Of(Graph, new Generator(1)).Tensors;

        Assert.Contains(
            "bn1.bias is there twice",
            Assert.Throws<NernException>(() => new Network(Graph, [.. tensors, .. tensors.Where(t => t.Key == "bn1.bias")])).Message);
    }

    [Fact]
    public void Counters_of_batch_normalisation_may_be_there()
    {
        var network = ExampleRepresentation.Original(Graph, new Generator(1));

        Assert.Equal("bn1.num_batches_tracked", network.Tensors.Keys.Last());
    }

    [Fact]
    public void Save_writes_the_names_and_bytes_that_were_read()
    {
        using var folder = new TemporaryFolder();
        var original = ExampleRepresentation.Original(Graph, new Generator(1));
        var (first, second) = (folder.File("first.safetensors"), folder.File("second.safetensors"));
        SafetensorsWriter.Save(first, [.. original.Tensors.Select(t => KeyValuePair.Create("module." + t.Key, t.Value))]);

        var network = NetworkFile.Load(first, Graph);
        NetworkFile.Save(second, network);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(original.Tensors.Keys, network.Tensors.Keys);
        var bytes = File.ReadAllBytes(first);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(new NetworkSource("first.safetensors", bytes.Length, digest, "module."), network.Source);
    }

    [Fact]
    public void With_replaces_values_and_nothing_else()
    {
        var original = ExampleRepresentation.Original(Graph, new Generator(1));

        var changed = original.With(new Dictionary<string, float[]> { ["linear.bias"] = [1, 2, 3, 4] });

        Assert.Equal([1, 2, 3, 4], changed.Values("linear.bias"));
        Assert.Equal(ElementType.Float32, changed.Tensors["linear.bias"].Type);
        Assert.Equal(original.Tensors.Keys, changed.Tensors.Keys);
        Assert.All(original.Tensors.Where(t => t.Key != "linear.bias"), tensor => Assert.Same(tensor.Value, changed.Tensors[tensor.Key]));
    }
}
