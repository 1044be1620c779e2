using Google.Protobuf.Reflection;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>
/// What a model takes in memory as objects, reckoned from its bytes before any is made: a message of two bytes becomes one of hundreds.
/// </summary>
internal static class ModelMemory
{
    private const long Fixed = 40 << 20, PerByte = 5;

    // About what an object takes with all that is made of it while a model is read.
    private const long Node = 1600, Stored = 600, Message = 300, Text = 64, Number = 24, Unknown = 160;

    // As deep as the parser goes.
    private const int MaximumDepth = 100;

    /// <summary>Refuses what could not be a model of a network, by its size.</summary>
    /// <exception cref="InvalidDataException">It would take far more memory than its size.</exception>
    internal static void Check(ReadOnlySpan<byte> model)
    {
        if (Of(model, ModelProto.Descriptor, 0) > Fixed + (PerByte * model.Length))
            throw new InvalidDataException($"has more nodes and other parts than a model of {model.Length} bytes should.");
    }

    // What is damaged ends the count: the parser will say so.
    private static long Of(ReadOnlySpan<byte> bytes, MessageDescriptor type, int depth)
    {
        var total = type == NodeProto.Descriptor ? Node : type == TensorProto.Descriptor ? Stored : Message;
        while (depth < MaximumDepth && TryReadNumber(ref bytes, out var tag))
        {
            var field = type.FindFieldByNumber((int)(tag >> 3));
            total += field switch
            {
                null => Unknown,
                { IsRepeated: true } => Number,
                _ => 0,
            };
            switch (tag & 7)
            {
                case 0:
                    TryReadNumber(ref bytes, out _);
                    break;
                case 1:
                    bytes = bytes[Math.Min(sizeof(double), bytes.Length)..];
                    break;
                case 5:
                    bytes = bytes[Math.Min(sizeof(float), bytes.Length)..];
                    break;
                case 2:
                    if (!TryReadNumber(ref bytes, out var length) || length > (ulong)bytes.Length)
                        return total;
                    total += Of(bytes[..(int)length], field, depth);
                    bytes = bytes[(int)length..];
                    break;
            }
        }
        return total;
    }

    private static long Of(ReadOnlySpan<byte> content, FieldDescriptor? field, int depth) => field?.FieldType switch
    {
        FieldType.Message => Of(content, field.MessageType, depth + 1),
        FieldType.Int64 or FieldType.Int32 => Number * Numbers(content),
        FieldType.String => Text + (2L * content.Length),
        _ => Text + content.Length,
    };

    // The last byte of each has its highest bit clear.
    private static long Numbers(ReadOnlySpan<byte> content)
    {
        var count = 0L;
        foreach (var b in content)
            count += b < 0x80 ? 1 : 0;
        return count;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }
}
