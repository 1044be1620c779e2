using System.Text;
using Nern.Checkpoints;
using Nern.Checkpoints.Torch;
using Nern.Tensors;

namespace Nern.Tests.Checkpoints.Torch;

public sealed class TorchZipWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ElementType> Types => [.. Enum.GetValues<ElementType>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Tensors_of_every_type_and_rank_are_read_back(ElementType type)
    {
        var random = new Generator(1);
        int[][] shapes = [[], [1], [0], [3, 0, 2], [5], [2, 3, 4, 5], [1, 1, 7, 1]];

        ReadsBack([.. shapes.Select((shape, i) =>
        {
            var data = new byte[shape.Aggregate(Tensor.SizeOf(type), (product, extent) => product * extent)];
            foreach (ref var b in data.AsSpan())
                b = (byte)random.NextInt32(type == ElementType.Boolean ? 2 : 256);
            return KeyValuePair.Create($"t{i}", new Tensor(type, shape, data));
        })]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("layer1.0.conv1.weight")]
    [InlineData("with space/and\\slashes\"quotes'")]
    [InlineData("two\nlines\0")]
    [InlineData("größe 重み 🦔")]
    [InlineData("state_dict")]
    [InlineData("module")]
    public void Odd_names_are_kept(string name) => ReadsBack([new(name, Tensor.From([1], [1])), new("other", Tensor.From([1], [2]))]);

    [Fact]
    public void A_very_long_name_and_very_many_tensors_are_kept()
    {
        ReadsBack([new(new string('n', 70_000), Tensor.From([1], [1]))]);
        ReadsBack([.. Enumerable.Range(0, 1000).Select(i => KeyValuePair.Create($"t{i}", Tensor.From([1], [i])))]);
    }

    [Fact]
    public void Equal_tensors_give_equal_bytes()
    {
        KeyValuePair<string, Tensor>[] tensors = [new("a", Tensor.From([2, 2], [1, 2, 3, 4])),
            new("b", new(ElementType.Int64, [], new byte[8]))];

        TorchZipWriter.Save(_folder.File("a.pth"), tensors);
        TorchZipWriter.Save(_folder.File("b.pth"), tensors);

        Assert.Equal(File.ReadAllBytes(_folder.File("a.pth")), File.ReadAllBytes(_folder.File("b.pth")));
    }

    [Fact]
    public void What_every_name_begins_with_is_there_again()
    {
        TorchZipWriter.Save(_folder.File("a.pth"), [new("module.a", Tensor.From([1], [1])), new("module.b", Tensor.From([1], [1]))]);

        var checkpoint = Checkpoint.Read(_folder.File("a.pth"));

        Assert.Equal(("module.", "a", "b"), (checkpoint.Prefix, checkpoint.Names[0], checkpoint.Names[1]));
    }

    [Fact]
    public void The_pickle_is_that_of_an_ordered_dictionary_of_tensors()
    {
        TorchZipWriter.Save(_folder.File("a.pth"), [new("w", Tensor.From([2, 3], new float[6]))]);

        using var archive = System.IO.Compression.ZipFile.OpenRead(_folder.File("a.pth"));
        Assert.Equal(["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/version"],
            archive.Entries.Select(entry => entry.FullName));
        Assert.All(archive.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        using var stream = archive.Entries[0].Open();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var pickle = reader.ReadToEnd();
        Assert.StartsWith("\u0080\u0002ccollections\nOrderedDict\n)R(X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n", pickle);
        Assert.EndsWith("u.", pickle);
    }

    private void ReadsBack(KeyValuePair<string, Tensor>[] tensors)
    {
        TorchZipWriter.Save(_folder.File("a.pth"), tensors);

        var read = Checkpoint.Read(_folder.File("a.pth"));

        Assert.Equal(tensors.Select(tensor => tensor.Key), read.Names);
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.Type, read.Tensors[name].Type);
            Assert.Equal(tensor.Shape, read.Tensors[name].Shape);
            Assert.Equal(tensor.Data.ToArray(), read.Tensors[name].Data.ToArray());
        }
    }
}
