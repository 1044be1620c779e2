using System.IO.Compression;
using Nern.Checkpoints;

namespace Nern.Tests.Checkpoints.Torch;

public sealed class TorchZipReaderTests
{
    private static readonly byte[] Pickle = new PickleBuilder().Op("}").Text("w").Tensor(2, 0, [2], [1]).Op("s").Stop();

    [Fact]
    public void A_compressed_archive_is_refused() =>
        Assert.Matches(
            "^'x' is a zip archive whose entry 'a/bomb' would unpack from [0-9]+ to 1000000 bytes; expected .*[.]$",
            ErrorOf(TestFiles.Zip(CompressionLevel.Optimal, ("a/bomb", new byte[1_000_000]))));

    [Fact]
    public void A_missing_or_repeated_entry_is_refused()
    {
        Assert.Equal(
            "'x' is a zip archive but no PyTorch checkpoint: expected an entry 'data.pkl' in its folder, found none.",
            ErrorOf(Zip(("other", []))));
        Assert.Equal("'x' is a PyTorch checkpoint without its entry 'data/0'.", ErrorOf(Zip(("a/data.pkl", Pickle))));
        Assert.Equal("'x' is a zip archive with two entries 'b'.", ErrorOf(Zip(("b", []), ("b", []))));
    }

    [Fact]
    public void A_storage_of_the_wrong_size_is_refused() =>
        Assert.Equal(
            "'x' holds 9 bytes of the storage '0'; expected 8 for 2 of Float32.",
            ErrorOf(Zip(("a/data.pkl", Pickle), ("a/data/0", new byte[9]))));

    [Fact]
    public void Only_little_endian_numbers_are_read()
    {
        var data = new byte[8];

        Assert.Single(Checkpoint.Read(Zip(("a/data.pkl", Pickle), ("a/data/0", data), ("a/byteorder", "little"u8.ToArray())), "x").Names);
        Assert.Equal(
            "'x' was written on a big-endian machine; expected little-endian numbers.",
            ErrorOf(Zip(("a/data.pkl", Pickle), ("a/data/0", data), ("a/byteorder", "big"u8.ToArray()))));
    }

    [Fact]
    public void A_truncated_archive_is_refused() =>
        Assert.StartsWith("'x' is a damaged zip archive: ", ErrorOf(PickleBuilder.ZipOfTensor(2, 0, [2], [1])[..^5]));

    [Fact]
    public void A_pickle_of_something_else_is_refused_with_the_name_of_the_file() =>
        Assert.Equal(
            "'x' holds no tensors: expected a dictionary of them at the top or below a key such as state_dict or model, found '__main__.Results'.",
            ErrorOf(PickleBuilder.Zip(new PickleBuilder().Global("__main__", "Results").Op(")R").Stop())));

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void A_TorchScript_archive_is_refused_with_what_to_do(CompressionLevel level) =>
        Assert.Equal(
            "'x' is a TorchScript archive, a program along with its tensors, and no program is run: save the tensors with "
            + "torch.save(torch.jit.load(FILE).state_dict(), 'state.pth').",
            ErrorOf(TestFiles.Zip(
                level, ("a/data.pkl", Pickle), ("a/constants.pkl", []), ("a/code/__torch__.py", new byte[500]))));

    [Fact]
    public void Storages_are_checked_where_they_are_declared()
    {
        var two = new PickleBuilder().Op("(").Storage("FloatStorage", "0", 2).Storage("HalfStorage", "0", 2).Op("t").Stop();
        var view = new PickleBuilder()
            .Op("(").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(2).Text("view").Op("tQ").Stop();

        Assert.Equal("'x' declares the storage '0' as 2 of Float16 after 2 of Float32.", ErrorOf(PickleBuilder.Zip(two)));
        Assert.Equal("'x' keeps the storage '0' as a view of another one, which is not supported.", ErrorOf(PickleBuilder.Zip(view)));
        Assert.Equal(
            "'x' has a damaged pickle: expected a storage of tensors as ('storage', type, key, location, count).",
            ErrorOf(PickleBuilder.Zip(new PickleBuilder().Storage("FloatStorage", "0", -1).Stop())));
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries) => TestFiles.Zip(CompressionLevel.NoCompression, entries);

    private static string ErrorOf(byte[] bytes) => TestFiles.ErrorOf(() => Checkpoint.Read(bytes, "x"));
}
