using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Tensors;
using Nern.Tests.Checkpoints.Torch;

namespace Nern.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_keeps_the_order_it_is_given()
    {
        var checkpoint = new Checkpoint([new("b", Tensor.From([], [1f])), new("a", Tensor.From([], [2f]))]);

        Assert.Equal(["b", "a"], checkpoint.Names);
        Assert.Equal(["b", "a"], checkpoint.Tensors.Keys);
        Assert.Empty(checkpoint.Metadata);
        Assert.Equal("", checkpoint.Prefix);
    }

    [Theory]
    [InlineData("module.a module.b.c", "module.", "a b.c")]
    [InlineData("model.a model.b", "model.", "a b")]
    [InlineData("module.model.a module.model.b", "module.model.", "a b")]
    [InlineData("model.a module.b", "", "model.a module.b")]
    [InlineData("module.a b", "", "module.a b")]
    [InlineData("module. module.a", "", "module. module.a")]
    public void Read_takes_a_prefix_off_only_if_all_names_have_it(string names, string prefix, string expected)
    {
        var path = _folder.File("a");
        SafetensorsWriter.Save(path, [.. names.Split(' ').Select(name => KeyValuePair.Create(name, Tensor.From([], [1f])))]);
        var checkpoint = Checkpoint.Read(path);

        Assert.Equal(prefix, checkpoint.Prefix);
        Assert.Equal(expected.Split(' '), checkpoint.Names);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("model")]
    [InlineData("net")]
    [InlineData("network")]
    public void Read_finds_the_state_dict_below_the_usual_keys(string key)
    {
        // The tensor beside it, like a best accuracy, is not part of the network.
        var pickle = new PickleBuilder()
            .Op("}").Text("best").Tensor(2, 0, [1], [1]).Op("s").Text(key).Op("}").Text("w").Tensor(2, 0, [2], [1]).Op("ss").Stop();

        Assert.Equal(["w"], Checkpoint.Read(PickleBuilder.Zip(pickle, 2), "x").Names);
    }

    [Fact]
    public void Read_refuses_a_checkpoint_without_tensors()
    {
        const string Expected =
            "holds no tensors: expected a dictionary of them at the top or below a key such as state_dict or model";

        Assert.Equal($"'x' {Expected}, found a list.", ErrorOf(new PickleBuilder().Op("]").Stop()));
        Assert.Equal($"'x' {Expected}, found an empty dictionary.", ErrorOf(new PickleBuilder().Op("}").Stop()));
        Assert.Equal(
            $"'x' {Expected}, found a dictionary that begins with the keys 'a', 'b'.",
            ErrorOf(new PickleBuilder().Op("}(").Text("a").Int(1).Text("b").Int(2).Op("u").Stop()));
        // A dictionary below itself.
        Assert.Equal(
            $"'x' {Expected}, found a dictionary that begins with the keys 'model'.",
            ErrorOf(new PickleBuilder().Op("}q\u0001").Text("model").Op("h\u0001s").Stop()));
    }

    [Fact]
    public void Read_refuses_what_is_no_file_of_tensors()
    {
        Assert.Equal(
            "'x' is not a file of tensors: expected safetensors or a PyTorch checkpoint, found an empty file.",
            TestFiles.ErrorOf(() => Checkpoint.Read([], "x")));
        Assert.Equal(
            "'x' is not a file of tensors: expected safetensors or a PyTorch checkpoint, found 3 bytes that begin 504B03.",
            TestFiles.ErrorOf(() => Checkpoint.Read("PK\u0003"u8.ToArray(), "x")));
        Assert.Equal(
            "'x' is not a file of tensors: expected safetensors or a PyTorch checkpoint, found 17 bytes that begin 736F6D6520746578.",
            TestFiles.ErrorOf(() => Checkpoint.Read("some text or else"u8.ToArray(), "x")));
    }

    [Fact]
    public void Read_of_a_path_without_a_readable_file_says_what_is_there()
    {
        var missing = _folder.File("none");

        Assert.Equal(
            $"'{missing}' cannot be read: expected a safetensors file or a PyTorch checkpoint, found no such file.",
            TestFiles.ErrorOf(() => Checkpoint.Read(missing)));
        Assert.Equal(
            $"'{_folder.FullName}' cannot be read: expected a safetensors file or a PyTorch checkpoint, found a folder.",
            TestFiles.ErrorOf(() => Checkpoint.Read(_folder.FullName)));
        Assert.StartsWith("'' cannot be read: ", TestFiles.ErrorOf(() => Checkpoint.Read("")));
    }

    [Fact]
    public void Read_of_a_locked_file_names_the_path_and_the_reason()
    {
        var path = _folder.File("a");
        using var locked = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Assert.StartsWith(
            $"'{path}' cannot be read: expected a safetensors file or a PyTorch checkpoint, found an error: ",
            TestFiles.ErrorOf(() => Checkpoint.Read(path)));
    }

    private static string ErrorOf(byte[] pickle) => TestFiles.ErrorOf(() => Checkpoint.Read(PickleBuilder.Zip(pickle), "x"));
}
