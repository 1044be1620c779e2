using System.Text;
using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsWriterTests
{
    [Fact]
    public void Write_gives_exactly_these_bytes()
    {
        var tensors = new[]
        {
            KeyValuePair.Create("b", new Tensor(ElementType.UInt8, [3], new byte[] { 1, 2, 3 })),
            KeyValuePair.Create("a", Tensor.From([1], [1f])),
        };
        const string Header =
            """{"__metadata__":{"k":"v","é":"<"},"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]}"""
            + ""","a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        byte[] expected = [144, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Header.PadRight(143)), 0, 0, 0x80, 0x3F, 1, 2, 3];

        Assert.Equal(expected, Write(tensors, new Dictionary<string, string> { ["é"] = "<", ["k"] = "v" }));
    }

    [Fact]
    public void Write_of_nothing_is_an_empty_padded_header() =>
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], Write([]));

    [Fact]
    public void Write_aligns_every_tensor_to_its_element_size()
    {
        ElementType[] types = [ElementType.Boolean, ElementType.Float16, ElementType.Int64, ElementType.Int32, ElementType.Float64];
        var tensors = types.Select(type => KeyValuePair.Create($"{type}", new Tensor(type, [3], new byte[3 * Tensor.SizeOf(type)])));
        var bytes = Write([.. tensors]);

        Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
        var header = SafetensorsHeader.Parse(bytes.AsSpan(8, (int)BitConverter.ToInt64(bytes)));
        Assert.All(header.Entries, entry => Assert.Equal(0, entry.Begin % Tensor.SizeOf(entry.Type)));
        // Stable: of two types with the same width the first given comes first.
        Assert.Equal(0, header.Entries.Single(entry => entry.Type == ElementType.Int64).Begin);
    }

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        var generator = new Generator(1);
        for (var round = 0; round < 200; round++)
        {
            var tensors = RandomTensors(generator);
            var metadata = Enumerable.Range(0, generator.NextInt32(3))
                .ToDictionary(i => $"{i}\"\\\n{(char)('a' + generator.NextInt32(1000))}", i => $"{i}\0");

            var bytes = Write(tensors, metadata);
            var read = SafetensorsReader.Read(bytes, "x");

            Assert.Equal(tensors.Select(pair => pair.Key), read.Names);
            Assert.Equal(metadata.OrderBy(pair => pair.Key), read.Metadata.OrderBy(pair => pair.Key));
            foreach (var (name, tensor) in tensors)
            {
                Assert.Equal(tensor.Type, read.Tensors[name].Type);
                Assert.Equal(tensor.Shape, read.Tensors[name].Shape);
                Assert.Equal(tensor.Data.ToArray(), read.Tensors[name].Data.ToArray());
            }
            Assert.Equal(bytes, Write([.. read.Names.Select(name => KeyValuePair.Create(name, read.Tensors[name]))], read.Metadata));
        }
    }

    [Fact]
    public void Save_writes_a_file_that_Checkpoint_reads()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        SafetensorsWriter.Save(path, new Dictionary<string, Tensor> { ["w"] = Tensor.From([2], [1f, 2f]) });

        Assert.Equal([1f, 2f], Checkpoint.Read(path).Tensors["w"].ToFloats());
    }

    [Theory]
    [InlineData("__metadata__")]
    [InlineData("a")]
    public void Names_that_are_taken_are_refused(string name)
    {
        var tensors = new[] { KeyValuePair.Create("a", Tensor.From([], [1f])), KeyValuePair.Create(name, Tensor.From([], [1f])) };

        Assert.Equal(
            $"A safetensors file cannot hold a tensor called '{name}': the name is already taken.",
            TestFiles.ErrorOf(() => Write(tensors)));
    }

    private static byte[] Write(
        IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static List<KeyValuePair<string, Tensor>> RandomTensors(Generator generator) =>
    [
        .. Enumerable.Range(0, generator.NextInt32(6)).Select(i =>
        {
            var type = (ElementType)generator.NextInt32(10);
            int[] shape = [.. Enumerable.Range(0, generator.NextInt32(4)).Select(_ => generator.NextInt32(4))];
            var data = new byte[StoredSize.Of(type, shape)];
            for (var at = 0; at < data.Length; at++)
                data[at] = (byte)generator.NextInt32(256);
            return KeyValuePair.Create($"{i}.{(char)(32 + generator.NextInt32(2000))}", new Tensor(type, shape, data));
        }),
    ];
}
