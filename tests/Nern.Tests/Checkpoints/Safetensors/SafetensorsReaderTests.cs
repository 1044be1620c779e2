using Nern.Checkpoints.Safetensors;
using Nern.Tensors;

namespace Nern.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsReaderTests
{
    [Fact]
    public void Read_returns_tensors_in_header_order_with_their_metadata()
    {
        var bytes = TestFiles.Safetensors(
            """
            {"b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},
             "__metadata__":{"key":"värde"},
             "a":{"shape":[],"dtype":"I32","data_offsets":[0,4]}}
            """,
            12);
        bytes[^12] = 7;
        BitConverter.GetBytes(2.5f).CopyTo(bytes, bytes.Length - 4);

        var checkpoint = SafetensorsReader.Read(bytes, "x");

        Assert.Equal(["b", "a"], checkpoint.Names);
        Assert.Equal([0f, 2.5f], checkpoint.Tensors["b"].ToFloats());
        Assert.Equal([1, 2], checkpoint.Tensors["b"].Shape);
        Assert.Equal(ElementType.Int32, checkpoint.Tensors["a"].Type);
        Assert.Empty(checkpoint.Tensors["a"].Shape);
        Assert.Equal(new byte[] { 7, 0, 0, 0 }, checkpoint.Tensors["a"].Data.ToArray());
        Assert.Equal("värde", Assert.Single(checkpoint.Metadata).Value);
    }

    [Fact]
    public void Read_accepts_a_file_without_tensors() =>
        Assert.Empty(SafetensorsReader.Read(TestFiles.Safetensors("{}     "), "x").Names);

    [Fact]
    public void Read_keeps_names_as_they_are() =>
        Assert.Equal(
            ["module.a"],
            SafetensorsReader.Read(TestFiles.Safetensors("""{"module.a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"""), "x").Names);

    [Theory]
    [InlineData("F64", ElementType.Float64, 8)]
    [InlineData("F32", ElementType.Float32, 4)]
    [InlineData("F16", ElementType.Float16, 2)]
    [InlineData("BF16", ElementType.BFloat16, 2)]
    [InlineData("I64", ElementType.Int64, 8)]
    [InlineData("I32", ElementType.Int32, 4)]
    [InlineData("I16", ElementType.Int16, 2)]
    [InlineData("I8", ElementType.Int8, 1)]
    [InlineData("U8", ElementType.UInt8, 1)]
    [InlineData("BOOL", ElementType.Boolean, 1)]
    public void Read_knows_every_dtype(string name, ElementType type, int size)
    {
        var bytes = TestFiles.Safetensors($$"""{"a":{"dtype":"{{name}}","shape":[3],"data_offsets":[0,{{3 * size}}] } }""", 3 * size);

        Assert.Equal(type, SafetensorsReader.Read(bytes, "x").Tensors["a"].Type);
    }

    [Theory]
    [InlineData(""" "a":{"dtype":"F4","shape":[],"data_offsets":[0,4]} """,
        "gives the tensor 'a' the dtype 'F4'; expected one of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.")]
    [InlineData(""" "a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]} """, "gives the tensor 'a' 4 bytes; expected 8 for Float32 [2].")]
    [InlineData(""" "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """,
        "puts the tensor 'a' at bytes 0 to 8 of a data section of 4 bytes.")]
    [InlineData(""" "a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]} """,
        "puts the tensor 'a' at bytes 4 to 0 of a data section of 4 bytes.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]} """,
        "leaves a hole in its data: expected the tensor 'a' to begin at byte 0, found 1.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}, "b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]} """,
        "lets tensors overlap in its data: expected the tensor 'b' to begin at byte 3, found 2.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]} """,
        "has data that belongs to no tensor: expected 3 bytes after the header, found 4.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}, "a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]} """,
        "names the tensor 'a' twice in its safetensors header.")]
    [InlineData(""" "__metadata__":{}, "__metadata__":{} """, "names '__metadata__' twice in its safetensors header.")]
    [InlineData(""" "__metadata__":{"k":"1","k":"2"} """, "names the metadata 'k' twice in its safetensors header.")]
    [InlineData(""" "__metadata__":{"k":1} """, "has a safetensors header in which the metadata 'k' is a JSON Number; expected String.")]
    [InlineData(""" "a":[] """, "has a safetensors header in which the tensor 'a' is a JSON StartArray; expected StartObject.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[4]} """,
        "does not describe the tensor 'a' in full: expected dtype, shape and two data_offsets.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[4],"data_offsets":[0,2,4]} """,
        "does not describe the tensor 'a' in full: expected dtype, shape and two data_offsets.")]
    [InlineData(""" "a":{"dtype":"U8","dtype":"U8"} """,
        "describes the tensor 'a' with an unexpected or repeated key 'dtype'; expected dtype, shape and data_offsets once each.")]
    [InlineData(""" "a":{"device":"cpu"} """,
        "describes the tensor 'a' with an unexpected or repeated key 'device'; expected dtype, shape and data_offsets once each.")]
    [InlineData(""" "a":{"shape":[-1]} """, "has something else than whole numbers from 0 up in the shape of the tensor 'a'.")]
    [InlineData(""" "a":{"shape":[1.5]} """, "has something else than whole numbers from 0 up in the shape of the tensor 'a'.")]
    [InlineData(""" "a":{"shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]} """, "has more than 16 numbers in the shape of the tensor 'a'.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[4294967296],"data_offsets":[0,4]} """,
        "gives the tensor 'a' a dimension of 4294967296; expected at most 2147483647.")]
    [InlineData(""" "a":{"dtype":"U8","shape":[2147483647,2147483647,2147483647,0],"data_offsets":[0,4]} """,
        "gives the tensor 'a' 4 bytes; expected 9223372036854775807 for UInt8 [2147483647, 2147483647, 2147483647, 0].")]
    public void Read_refuses_a_header_that_does_not_fit(string content, string message) =>
        Assert.Equal($"'x' {message}", TestFiles.ErrorOf(() => SafetensorsReader.Read(TestFiles.Safetensors($"{{{content}}}", 4), "x")));

    [Theory]
    [InlineData("{\"a\"")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("")]
    [InlineData("{\"\\ud800\":{}}")]
    public void Read_refuses_a_header_that_is_not_json(string header) =>
        Assert.StartsWith(
            "'x' has a safetensors header that is not valid JSON: ",
            TestFiles.ErrorOf(() => SafetensorsReader.Read(TestFiles.Safetensors(header), "x")));

    [Fact]
    public void Read_refuses_sizes_that_cannot_be()
    {
        Assert.Equal(
            "'x' is too short for a safetensors file: expected at least 8 bytes, found 7.",
            TestFiles.ErrorOf(() => SafetensorsReader.Read(new byte[7], "x")));
        Assert.Equal(
            "'x' ends inside its safetensors header: expected 9 bytes after the first 8, found 2.",
            TestFiles.ErrorOf(() => SafetensorsReader.Read(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "x")));
        Assert.Equal(
            "'x' declares a safetensors header of 18446744073709551615 bytes; expected at most 100000000.",
            TestFiles.ErrorOf(() => SafetensorsReader.Read(Enumerable.Repeat((byte)255, 9).ToArray(), "x")));
    }

    [Fact]
    public void Messages_show_a_hostile_name_on_one_line_and_cut_it()
    {
        var bytes = TestFiles.Safetensors($$"""{"\n{{new string('a', 1000)}}":1}""");
        var message = TestFiles.ErrorOf(() => SafetensorsReader.Read(bytes, "x"));

        Assert.Contains($"'?{new string('a', 79)}…'", message);
    }
}
