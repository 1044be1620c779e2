using Nern.Checkpoints.Safetensors;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Tensors;
using Nern.Tests.Checkpoints;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.NetworkFiles;

/// <summary>Names that other people give the tensors of a network.</summary>
public sealed class StateChoiceTests : IDisposable
{
    private static readonly Graph Graph = CifarResNet.Build(8, Shortcut.B);
    private static readonly KeyValuePair<string, Tensor>[] Tensors = [.. RandomNetwork.Of(Graph, new Generator(1)).Tensors];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("_orig_mod.")]
    [InlineData("module._orig_mod.")]
    [InlineData("net.")]
    [InlineData("backbone.")]
    [InlineData("encoder.")]
    [InlineData("model.backbone.body.")]
    public void The_prefix_is_the_one_by_which_the_names_fit(string prefix)
    {
        var path = Save(Tensors.Select(tensor => Named(prefix + tensor.Key, tensor.Value)));
        var notes = new List<string>();

        var network = NetworkFile.Open(path).Network(_ => Graph, null, notes.Add);

        Assert.Equal(Tensors.Select(tensor => tensor.Key), network.Tensors.Keys);
        Assert.Equal(prefix, network.Source!.Prefix);
        Assert.Empty(notes);
        NetworkFile.Save(_folder.File("again.safetensors"), network);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again.safetensors")));
    }

    [Fact]
    public void What_stands_beside_the_prefix_is_left_aside_and_told()
    {
        var path = Save(
        [
            Named("n_averaged", Tensor.From([], [3f])), .. Tensors.Select(tensor => Named("module." + tensor.Key, tensor.Value)),
            Named("criterion.weight", Tensor.From([10], new float[10])), Named("module.conv1.total_ops", Tensor.From([1], [1])),
        ]);
        var notes = new List<string>();

        Assert.Equal(Tensors.Length, NetworkFile.Open(path).Network(_ => Graph, null, notes.Add).Tensors.Count);
        Assert.Equal(
            [$"'{path}' holds tensors beside the network, which are left aside: n_averaged, criterion.weight, module.conv1.total_ops."],
            notes);
    }

    [Fact]
    public void A_tensor_too_many_in_the_network_itself_is_no_fit() =>
        Assert.Equal(
            $"'{_folder.File("a")}' does not fit the architecture: layer1.0.se.weight is unexpected (all behind 'module.').",
            ErrorOf([.. Tensors.Select(tensor => Named("module." + tensor.Key, tensor.Value)),
                Named("module.layer1.0.se.weight", Tensor.From([1, 1], [1]))]));

    [Fact]
    public void Several_networks_in_one_state_have_to_be_chosen_from()
    {
        KeyValuePair<string, Tensor>[] both =
        [
            .. Tensors.Select(tensor => Named("teacher." + tensor.Key, tensor.Value)),
            .. RandomNetwork.Of(Graph, new Generator(2)).Tensors.Select(tensor => Named("student." + tensor.Key, tensor.Value)),
        ];

        Assert.Equal(
            $"'{_folder.File("a")}' holds several states that fit the architecture: teacher, student. Say which with --state (--original-state).",
            ErrorOf(both));
        var file = NetworkFile.Open(_folder.File("a"));
        Assert.Equal("student.", file.Network(_ => Graph, "student").Source!.Prefix);
        Assert.Equal(Tensors[0].Value.ToFloats(), file.Network(Graph, "teacher").Values(Tensors[0].Key));
        Assert.Equal(
            $"'{_folder.File("a")}' has no state 'x'; it holds teacher, student.", TestFiles.ErrorOf(() => file.Network(Graph, "x")));
    }

    [Fact]
    public void Layers_of_other_names_are_found_by_shapes_and_order()
    {
        // As chenyaofo's ResNets for CIFAR are called.
        var path = Save(Tensors.Select(tensor => Named(
            tensor.Key.Replace("shortcut", "downsample", StringComparison.Ordinal).Replace("linear", "fc", StringComparison.Ordinal),
            tensor.Value)));
        var notes = new List<string>();

        var network = NetworkFile.Open(path).Network(_ => Graph, null, notes.Add);

        Assert.Equal(
            [$"'{path}' calls 5 of its layers otherwise, found by their shapes and order: layer2.0.downsample.0 is layer2.0.shortcut.0, "
                + "layer2.0.downsample.1 is layer2.0.shortcut.1, layer3.0.downsample.0 is layer3.0.shortcut.0 and 2 more."],
            notes);
        Assert.Equal(Tensors[^1].Value.ToFloats(), network.Values("fc.bias"));
        NetworkFile.Save(_folder.File("again.safetensors"), network);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again.safetensors")));
        var compared = NetworkFile.Load(path, Graph);
        Assert.All(Tensors, tensor => Assert.Equal(tensor.Value.ToFloats(), compared.Values(tensor.Key)));
    }

    [Fact]
    public void A_network_whose_modules_are_numbered_and_list_shortcuts_last_is_found()
    {
        var graph = ResNet.Build(18, 10, 32);
        var random = RandomNetwork.Of(graph, new Generator(1));
        // Sequential(*resnet.children()), as torchvision's modules are listed.
        var ordered = random.Tensors.OrderBy(tensor => Stage(tensor.Key))
            .ThenBy(tensor => tensor.Key.Contains("downsample", StringComparison.Ordinal));
        var path = Save(ordered.Select(tensor => Named("features." + Renumbered(tensor.Key), tensor.Value)));

        var network = NetworkFile.Load(path, graph);

        Assert.All(random.Tensors, tensor => Assert.Equal(tensor.Value.ToFloats(), network.Values(tensor.Key)));

        static string Renumbered(string name) => name
            .Replace("layer1", "4", StringComparison.Ordinal).Replace("layer2", "5", StringComparison.Ordinal)
            .Replace("layer3", "6", StringComparison.Ordinal).Replace("layer4", "7", StringComparison.Ordinal)
            .Replace("fc.", "9.", StringComparison.Ordinal) is var part && part.StartsWith("conv1.", StringComparison.Ordinal)
                ? "0" + part[5..]
            : part.StartsWith("bn1.", StringComparison.Ordinal) ? "1" + part[3..] : part;

        static string Stage(string name) => name.StartsWith("layer", StringComparison.Ordinal) ? name[..8] : name[0] == 'f' ? "z" : "a";
    }

    [Fact]
    public void Layers_in_another_order_are_no_fit()
    {
        var message = ErrorOf(Tensors.Reverse().Select(tensor => Named("x" + tensor.Key, tensor.Value)));

        Assert.Contains("conv1.weight is missing", message, StringComparison.Ordinal);
        Assert.Contains("xlinear.bias is unexpected", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.BFloat16)]
    [InlineData(ElementType.Float64)]
    public void Kernels_that_were_predicted_come_back_in_the_type_of_the_file(ElementType type)
    {
        var path = Save(Tensors.Select(
            tensor => Named(tensor.Key, tensor.Key.StartsWith("bn1", StringComparison.Ordinal) ? tensor.Value : tensor.Value.As(type))));
        var network = NetworkFile.Load(path, Graph);
        var predicted = network.With(network.Tensors.Where(tensor => tensor.Value.Shape.Count == 4)
            .ToDictionary(t => t.Key, t => t.Value.ToFloats()));

        NetworkFile.Save(_folder.File("again.safetensors"), predicted);

        Assert.Equal(type, network.Source!.KernelType);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again.safetensors")));
    }

    [Fact]
    public void Kernels_of_several_types_come_back_each_in_its_own()
    {
        var path = Save(Tensors.Select(
            tensor => Named(tensor.Key, tensor.Value.As(tensor.Key == "conv1.weight" ? ElementType.Float32 : ElementType.Float16))));
        var network = NetworkFile.Load(path, Graph);
        var predicted = network.With(network.Tensors.Where(tensor => tensor.Value.Shape.Count == 4)
            .ToDictionary(t => t.Key, t => t.Value.ToFloats()));

        NetworkFile.Save(_folder.File("again.safetensors"), predicted);

        Assert.Equal([new("conv1.weight", ElementType.Float32)], network.Source!.OtherKernels!);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again.safetensors")));
    }

    private static KeyValuePair<string, Tensor> Named(string name, Tensor tensor) => KeyValuePair.Create(name, tensor);

    private string Save(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        SafetensorsWriter.Save(_folder.File("a"), [.. tensors]);
        return _folder.File("a");
    }

    private string ErrorOf(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var path = Save(tensors);
        return TestFiles.ErrorOf(() => NetworkFile.Open(path).Network(_ => Graph, null));
    }
}
