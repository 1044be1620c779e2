using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;

namespace Nern.Tests.OnnxModels;

public class WireMessageTests
{
    [Fact]
    public void What_was_written_is_what_protocol_buffers_write() => Prop.ForAll(
        ArbMap.Default.ArbFor<(string Name, long[] Dimensions, float Value, int Type)>().Filter(drawn => drawn.Name is not null), drawn =>
        {
            var expected = new AttributeProto { Name = drawn.Name, F = drawn.Value, T = new() { Name = drawn.Name }, Type = drawn.Type };
            expected.T.Dims.AddRange(drawn.Dimensions);
            var tensor = new WireMessage();
            foreach (var dimension in drawn.Dimensions)
                tensor.Add(OnnxFields.Tensor.Dimensions, dimension);
            tensor.Add(OnnxFields.Tensor.Name, drawn.Name);
            var written = new WireMessage().Add(OnnxFields.Attribute.Name, drawn.Name).Add(OnnxFields.Attribute.Float, drawn.Value)
                .Add(OnnxFields.Attribute.Tensor, tensor).Add(OnnxFields.Attribute.Type, drawn.Type);

            Assert.Equal(expected.ToByteArray(), Bytes(written));
            Assert.Equal(expected.ToByteArray(), Bytes(WireMessage.Read(Bytes(written))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_read_is_found_by_its_number()
    {
        var message = WireMessage.Read(new TensorProto { Name = "a", Dims = { 3, -1, long.MaxValue }, DataType = 300 }.ToByteArray());

        Assert.Equal("a", message.Text(OnnxFields.Tensor.Name));
        Assert.Equal(300, message.Number(OnnxFields.Tensor.DataType));
        Assert.Equal([3, -1, long.MaxValue], message.Numbers(OnnxFields.Tensor.Dimensions));
        Assert.Null(message.Text(OnnxFields.Tensor.RawData));
        Assert.Null(message.Number(OnnxFields.Tensor.DataLocation));
    }

    [Fact]
    public void Numbers_may_be_packed() =>
        Assert.Equal([1, 300], WireMessage.Read(new byte[] { 0x0A, 3, 1, 0xAC, 2 }).Numbers(OnnxFields.Tensor.Dimensions));

    [Theory]
    [InlineData("08", "is cut off within a number")]
    [InlineData("0AFF", "is cut off within a number")]
    [InlineData("0A05AA", "is cut off within a field")]
    [InlineData("0D000000", "is cut off within a field")]
    [InlineData("0AFFFFFFFFFFFFFFFF7F", "is cut off within a field")]
    [InlineData("08FFFFFFFFFFFFFFFFFFFF01", "has a number of more than 64 bits")]
    [InlineData("0B", "has a field of a kind that is not known")]
    [InlineData("0001", "is malformed where a field begins")]
    public void What_is_no_message_is_refused(string bytes, string reason) =>
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => WireMessage.Read(Convert.FromHexString(bytes))).Message);

    private static byte[] Bytes(WireMessage message)
    {
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        Assert.Equal(message.Size(), stream.Length);
        return stream.ToArray();
    }
}
