using Nern.Checkpoints;

namespace Nern.Tests.Checkpoints.Torch;

public sealed class TorchLegacyReaderTests
{
    private static readonly byte[] Machine = new PickleBuilder().Op("}").Text("little_endian").Raw(0x88).Op("s").Stop();
    private static readonly byte[] Root = new PickleBuilder().Op("}").Text("w").Tensor(1, 0, [1], [1]).Op("s").Stop();
    private static readonly byte[] Keys = Listing("0");
    private static readonly byte[] Data = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F];

    [Fact]
    public void The_parts_follow_one_another() =>
        Assert.Equal([1f], Checkpoint.Read(PickleBuilder.Legacy(Machine, Root, Keys, Data), "x").Tensors["w"].ToFloats());

    [Fact]
    public void Another_version_or_byte_order_is_refused()
    {
        var bytes = PickleBuilder.Legacy(Machine, Root, Keys, Data);
        bytes[18] ^= 1;

        Assert.Equal("'x' is a legacy PyTorch checkpoint of an unknown version; expected protocol version 1001.", ErrorOf(bytes));
        Assert.Equal(
            "'x' was written on a big-endian machine; expected little-endian numbers.",
            ErrorOf(PickleBuilder.Legacy(new PickleBuilder().Op("}").Text("little_endian").Raw(0x89).Op("s").Stop())));
    }

    [Fact]
    public void Storages_that_do_not_fit_are_refused()
    {
        Assert.Equal(
            "'x' ends too early: expected 4 more bytes at byte 187, found 3.",
            ErrorOf(PickleBuilder.Legacy(Machine, Root, Keys, Data[..^1])));
        Assert.Equal(
            "'x' holds 2 elements of the storage '0'; expected 1.",
            ErrorOf(PickleBuilder.Legacy(Machine, Root, Keys, [2, .. Data[1..]])));
        Assert.Equal(
            "'x' lacks the list of its storages; found None.",
            ErrorOf(PickleBuilder.Legacy(Machine, Root, new PickleBuilder().Op("N").Stop())));
        Assert.Equal("'x' lists the storage '1', which no tensor uses.", ErrorOf(PickleBuilder.Legacy(Machine, Root, Listing("1"))));
        Assert.Equal(
            "'x' lists its storages by key; expected strings, found an integer.",
            ErrorOf(PickleBuilder.Legacy(Machine, Root, new PickleBuilder().Op("]").Int(0).Op("a").Stop())));
        Assert.Equal("'x' lists the storage '0' twice.", ErrorOf(PickleBuilder.Legacy(Machine, Root, Listing("0", "0"), Data, Data)));
        Assert.Equal("'x' holds no data for the storage '0'.", ErrorOf(PickleBuilder.Legacy(Machine, Root, Listing())));
    }

    private static byte[] Listing(params string[] keys)
    {
        var builder = new PickleBuilder().Op("](");
        foreach (var key in keys)
            builder.Text(key);
        return builder.Op("e").Stop();
    }

    private static string ErrorOf(byte[] bytes) => TestFiles.ErrorOf(() => Checkpoint.Read(bytes, "x"));
}
