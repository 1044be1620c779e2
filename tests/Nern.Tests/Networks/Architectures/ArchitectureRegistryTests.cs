using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Data;
using Nern.Engine;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Tensors;
using Nern.Training;

namespace Nern.Tests.Networks.Architectures;

public class ArchitectureRegistryTests
{
    [Fact]
    public void Every_name_that_is_listed_is_known() =>
        Assert.All(ArchitectureRegistry.Names, name =>
            Assert.Equal(7, ArchitectureRegistry.Build(name, new Checkpoint([]), classes: 7).Classes));

    [Theory]
    [InlineData("resnet18", "fc.weight")]
    [InlineData("ResNet50", "fc.weight")]
    [InlineData("squeezenet1.1", "classifier.1.weight")]
    [InlineData("vgg11-bn", "classifier.6.weight")]
    [InlineData("mobilenetv2", "classifier.1.weight")]
    public void Build_takes_the_classes_of_torchvision_s_networks_from_the_last_layer(string name, string last)
    {
        var plain = ArchitectureRegistry.Build(name, new Checkpoint([]));
        Assert.Equal((1000, new ImageShape(3, 224, 224)), (plain.Classes, plain.InputShape));
        var shape = plain.Parameters.Single(parameter => parameter.Name == last).Shape;
        shape[0] = 5;
        var checkpoint = new Checkpoint([new(last, Tensor.From(shape, new float[shape.Aggregate((x, y) => x * y)]))]);
        Assert.Equal(5, ArchitectureRegistry.Build(name, checkpoint).Classes);
    }

    [Fact]
    public void A_ResNet_50_is_torchvision_s_unless_the_checkpoint_is_one_for_CIFAR()
    {
        var cifar = new Checkpoint(Zeros(CifarResNet.Build(50)));
        Assert.Equal(CifarResNet.Build(50).Nodes, ArchitectureRegistry.Build("resnet50", cifar).Nodes, Same);
        var imageNet = new Checkpoint([new("fc.weight", Tensor.From([3, 2048], new float[3 * 2048]))]);
        Assert.Equal(ResNet.Build(50, 3, 64).Nodes, ArchitectureRegistry.Build("resnet50", imageNet, size: 64).Nodes, Same);
        Assert.Equal(ResNet.Build(50).Nodes, ArchitectureRegistry.Build("resnet50").Nodes, Same);
        Assert.Equal(ResNet.Build(50, 10, 32).Nodes, ArchitectureRegistry.Build("resnet50", Shortcut.A, 10, 32).Nodes, Same);

        static bool Same(Node left, Node right) => (left.Name, left.GetType()) == (right.Name, right.GetType());
    }

    [Fact]
    public void What_does_not_go_together_is_said()
    {
        Assert.Equal(
            "A ResNet for CIFAR takes images of 32x32; got 64x64.", Message(() => ArchitectureRegistry.Build("resnet20", size: 64)));
        Assert.Equal("vgg11-bn takes images of 224x224; got 32x32.", Message(() => ArchitectureRegistry.Build("vgg11-bn", size: 32)));
        Assert.Equal(
            "Only ResNets for CIFAR have a choice of shortcuts; resnet18 has none.",
            Message(() => ArchitectureRegistry.Build("resnet18", new Checkpoint([]), Shortcut.B)));
        Assert.Equal("A classifier needs at least 2 classes; got 1.",
            Message(() => ArchitectureRegistry.Build("resnet18", Shortcut.A, 1, 32)));

        static string Message(Action build) => Assert.Throws<NernException>(build).Message;
    }

    public static TheoryData<string> Trainable => [.. ArchitectureRegistry.Trainable];

    [Theory]
    [MemberData(nameof(Trainable))]
    public void What_can_be_trained_takes_a_step_on_small_images(string name)
    {
        var graph = ArchitectureRegistry.Build(name, Shortcut.A, classes: 10, size: 32);
        var generator = new Generator(1);
        byte[] pixels = [.. Enumerable.Range(0, 8 * 3072).Select(_ => (byte)generator.NextInt32(256))];
        var images = new ImageSet(pixels, [0, 1, 2, 3, 4, 5, 6, 7], 3, 32, 32, 10);
        using var engine = new CpuEngine();
        using var trainer = new Trainer(
            engine, graph, new TrainInputs(images, new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f])),
            new TrainOptions
            {
                Epochs = 1,
                Batch = 4,
                Optimizer = new() { LearningRate = 1e-3, WarmupEpochs = 0 },
                Validation = 4,
                Precision = Precision.Float32
            });
        var (best, _) = trainer.Run();
        Assert.All(best.Tensors.Keys, tensor => Assert.True(Array.TrueForAll(best.Values(tensor), float.IsFinite), tensor));
    }

    [Theory]
    [InlineData(Shortcut.A, 10)]
    [InlineData(Shortcut.B, 100)]
    public void Build_takes_shortcut_and_classes_from_the_checkpoint(Shortcut shortcut, int classes)
    {
        var graph = CifarResNet.Build(8, shortcut, classes);
        var built = ArchitectureRegistry.Build("ResNet8", new Checkpoint(Zeros(graph)));

        Assert.Equal(graph.Parameters.Select(parameter => parameter.Name), built.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(classes, built.Classes);
    }

    [Theory]
    [InlineData("resnet8")]
    [InlineData("resnet18")]
    [InlineData("squeezenet1.1")]
    [InlineData("mobilenetv2")]
    public void A_checkpoint_with_one_output_is_a_network_of_a_single_logit(string name)
    {
        var graph = name == "resnet8" ? CifarResNet.WithLogits(8, Shortcut.A, 1)
            : TorchvisionArchitecture.All.Single(architecture => architecture.Name == name).Graph(1, 224);
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Save(folder.File("a.safetensors"), [.. Zeros(graph)]);
        var file = NetworkFile.Open(folder.File("a.safetensors"));

        Assert.Equal((1, 2), Built(null));
        // It does tell two classes apart.
        Assert.Equal((1, 2), Built(2));
        Assert.Equal("A classifier needs at least 2 classes; got 1.", Assert.Throws<NernException>(() => Built(1)).Message);
        Assert.Contains("does not fit the architecture", Assert.Throws<NernException>(() => Built(3)).Message);

        (int, int) Built(int? classes)
        {
            var built = file.Network(checkpoint => ArchitectureRegistry.Build(name, checkpoint, classes: classes), state: null).Graph;
            return (built.Logits, built.Classes);
        }
    }

    [Theory]
    [InlineData(10, "fc.weight", "linear2.weight")]
    [InlineData(10, "linear.weight", "critic.linear.weight")]
    [InlineData(1, "embedding.weight", "linear.weight")]
    public void A_layer_of_several_logits_is_preferred_to_one_of_a_single_one_of_no_better_name(int logits, string several, string single)
    {
        var checkpoint = new Checkpoint(
            [new(several, Tensor.From([10, 64], new float[640])), new(single, Tensor.From([1, 64], new float[64]))]);

        Assert.Equal(logits, ArchitectureRegistry.Build("resnet8", checkpoint).Logits);
    }

    [Fact]
    public void One_class_is_nothing_to_be_trained() => Assert.All(["resnet20", "linear", "resnet18"], name => Assert.Equal(
        "A classifier needs at least 2 classes; got 1.",
        Assert.Throws<NernException>(() => ArchitectureRegistry.Build(name, Shortcut.A, classes: 1, size: 32)).Message));

    [Fact]
    public void Build_prefers_what_is_said()
    {
        var checkpoint = new Checkpoint(Zeros(CifarResNet.Build(8)));
        var built = ArchitectureRegistry.Build("resnet8", checkpoint, Shortcut.B, 7);

        Assert.Equal(7, built.Classes);
        Assert.Contains(built.Parameters, parameter => parameter.Name.Contains("shortcut", StringComparison.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Zeros(Graph graph) => graph.Parameters.Select(parameter => KeyValuePair.Create(
        parameter.Name, Tensor.From(parameter.Shape,
            new float[parameter.Shape.Aggregate(1, (product, dimension) => product * dimension)])));
}
