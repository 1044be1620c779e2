using System.Runtime.InteropServices;
using Nern.Checkpoints;
using Nern.Tensors;

namespace Nern.Tests.Checkpoints.Torch;

/// <summary>Files that PyTorch itself wrote, in both of its formats.</summary>
public sealed class TorchCheckpointTests
{
    private static readonly string[] NetworkNames =
    [
        "conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked",
    ];

    [Theory]
    [InlineData("plain.pth")]
    [InlineData("plain.legacy.pth")]
    [InlineData("protocol4.pth")]
    [InlineData("protocol5.pth")]
    public void Read_returns_a_state_dict_in_order(string file)
    {
        var checkpoint = Checkpoint.Read(TestFiles.Fixture(file));

        Assert.Equal(NetworkNames, checkpoint.Names);
        Assert.Equal("", checkpoint.Prefix);
        Assert.Empty(checkpoint.Metadata);
        Assert.Equal([3, 2, 3, 3], checkpoint.Tensors["conv.weight"].Shape);
        Assert.Equal(TestFiles.Ramp(54), checkpoint.Tensors["conv.weight"].ToFloats());
        Assert.Equal(TestFiles.Ramp(3), checkpoint.Tensors["bn.running_var"].ToFloats());
        Assert.Equal(ElementType.Int64, checkpoint.Tensors["bn.num_batches_tracked"].Type);
        Assert.Equal(-3, BitConverter.ToInt64(checkpoint.Tensors["bn.num_batches_tracked"].Data.Span));
    }

    [Theory]
    [InlineData("types.pth")]
    [InlineData("types.legacy.pth")]
    public void Read_returns_every_type(string file)
    {
        var tensors = Checkpoint.Read(TestFiles.Fixture(file)).Tensors;

        foreach (var name in new[] { "float64", "float32", "float16", "bfloat16" })
            Assert.Equal(TestFiles.Ramp(6), tensors[name].ToFloats());
        Assert.Equal(
            [ElementType.Float64, ElementType.Float32, ElementType.Float16, ElementType.BFloat16],
            tensors.Take(4).Select(pair => pair.Value.Type));
        Assert.Equal([-3L, -2, -1, 0, 1, 2], MemoryMarshal.Cast<byte, long>(tensors["int64"].Data.Span).ToArray());
        Assert.Equal([-3, -2, -1, 0, 1, 2], MemoryMarshal.Cast<byte, int>(tensors["int32"].Data.Span).ToArray());
        Assert.Equal([-3, -2, -1, 0, 1, 2], MemoryMarshal.Cast<byte, short>(tensors["int16"].Data.Span).ToArray());
        Assert.Equal(new byte[] { 253, 254, 255, 0, 1, 2 }, tensors["int8"].Data.ToArray());
        Assert.Equal(new byte[] { 0, 1, 2, 3, 4, 5 }, tensors["uint8"].Data.ToArray());
        Assert.Equal(new byte[] { 0, 1, 0, 1, 0, 1 }, tensors["bool"].Data.ToArray());
        Assert.Equal(
            [ElementType.Int64, ElementType.Int32, ElementType.Int16, ElementType.Int8, ElementType.UInt8, ElementType.Boolean],
            tensors.Skip(4).Select(pair => pair.Value.Type));
    }

    [Theory]
    [InlineData("shared.pth")]
    [InlineData("shared.legacy.pth")]
    public void Read_resolves_views_of_one_storage(string file)
    {
        var tensors = Checkpoint.Read(TestFiles.Fixture(file)).Tensors;

        Assert.Equal(TestFiles.Ramp(12), tensors["base"].ToFloats());
        Assert.Equal(TestFiles.Ramp(12)[8..], tensors["tail"].ToFloats());
        Assert.Equal([3, 4], tensors["matrix"].Shape);
        Assert.Equal(TestFiles.Ramp(12), tensors["matrix"].ToFloats());
        Assert.Equal(TestFiles.Ramp(12), tensors["tied"].ToFloats());
    }

    [Theory]
    [InlineData("strided.pth")]
    [InlineData("strided.legacy.pth")]
    public void Read_puts_strided_tensors_into_row_major_order(string file)
    {
        var tensors = Checkpoint.Read(TestFiles.Fixture(file)).Tensors;

        Assert.Equal([4, 3], tensors["transposed"].Shape);
        Assert.Equal(TestFiles.Ramp(12), tensors["transposed"].ToFloats());
        Assert.Equal([2, 3, 2, 2], tensors["channels_last"].Shape);
        Assert.Equal(TestFiles.Ramp(24), tensors["channels_last"].ToFloats());
        Assert.Equal(TestFiles.Ramp(6), tensors["every_second"].ToFloats());
    }

    [Theory]
    [InlineData("nested.pth")]
    [InlineData("nested.legacy.pth")]
    public void Read_finds_the_state_dict_in_a_training_checkpoint_and_takes_the_prefix_off(string file)
    {
        var checkpoint = Checkpoint.Read(TestFiles.Fixture(file));

        Assert.Equal(NetworkNames, checkpoint.Names);
        Assert.Equal("module.", checkpoint.Prefix);
        Assert.Equal(TestFiles.Ramp(54), checkpoint.Tensors["conv.weight"].ToFloats());
    }

    [Theory]
    [InlineData("edges.pth")]
    [InlineData("edges.legacy.pth")]
    public void Read_takes_scalars_empty_tensors_parameters_and_unicode_names(string file)
    {
        var tensors = Checkpoint.Read(TestFiles.Fixture(file)).Tensors;

        Assert.Empty(tensors["scalar"].Shape);
        Assert.Equal([-1.5f], tensors["scalar"].ToFloats());
        Assert.Equal([0, 3], tensors["empty"].Shape);
        Assert.Equal([-1.5f], tensors["größe"].ToFloats());
        Assert.Equal([-1.5f, -1f], tensors["parameter"].ToFloats());
    }
}
