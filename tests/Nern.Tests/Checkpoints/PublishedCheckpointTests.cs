using Nern.Checkpoints;
using Nern.Tensors;

namespace Nern.Tests.Checkpoints;

/// <summary>Trained networks as people publish them.</summary>
public sealed class PublishedCheckpointTests
{
    [SkippableTheory]
    [InlineData("models/resnet20-12fca82f.th", 97, "module.")]
    [InlineData("models/resnet56-4bfd9763.th", 277, "module.")]
    [InlineData("models/resnet32-cifar100.safetensors", 167, "")]
    public void Read_returns_every_tensor_of_a_published_network(string file, int count, string prefix)
    {
        var checkpoint = Checkpoint.Read(RealData.Path(file));

        Assert.Equal(count, checkpoint.Names.Count);
        Assert.Equal(prefix, checkpoint.Prefix);
        Assert.Equal(["conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"], checkpoint.Names.Take(5));
        Assert.Equal(["linear.weight", "linear.bias"], checkpoint.Names.TakeLast(2));
        Assert.Equal([16, 3, 3, 3], checkpoint.Tensors["conv1.weight"].Shape);
        Assert.Equal([64, 64, 3, 3], checkpoint.Tensors["layer3.2.conv2.weight"].Shape);
        foreach (var (name, tensor) in checkpoint.Tensors.Where(pair => pair.Value.Type == ElementType.Float32))
            Assert.True(tensor.ToFloats().All(float.IsFinite), name);
    }

    [SkippableFact]
    public void Read_returns_the_values_that_pytorch_reads() =>
        Assert.Equal(
            [-0.13818146f, -0.16241768f, 0.82073832f, -0.34176430f],
            Checkpoint.Read(RealData.Path("models/resnet20-12fca82f.th")).Tensors["conv1.weight"].ToFloats()[..4]);

    [SkippableFact]
    public void A_network_of_another_format_is_refused() =>
        Assert.Contains(
            "is not a file of tensors: expected safetensors or a PyTorch checkpoint, found 2484091 bytes that begin 0803120B6F6E6E78.",
            TestFiles.ErrorOf(() => Checkpoint.Read(RealData.Path("models/squeezenet1.1-fp16.onnx"))));
}
