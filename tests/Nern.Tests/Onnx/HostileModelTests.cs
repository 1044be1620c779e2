using System.Diagnostics;
using Google.Protobuf;
using Nern.Onnx;

namespace Nern.Tests.Onnx;

/// <summary>Models whose few bytes ask for much memory or time.</summary>
public sealed class HostileModelTests
{
    private const int Size = 4 << 20;

    [Fact]
    public void A_model_of_empty_parts_is_refused_before_they_are_made()
    {
        // Nodes, initialisers, inputs, operator sets, and fields of no known kind.
        Refuses("more nodes and other parts", InGraph([.. Repeat([0x0A, 0])]));
        Refuses("more nodes and other parts", InGraph([.. Repeat([0x2A, 0])]));
        Refuses("more nodes and other parts", InGraph([.. Repeat([0x5A, 0])]));
        Refuses("more nodes and other parts", Repeat([0x42, 0]));
        Refuses("more nodes and other parts", [.. Enumerable.Range(0, Size / 6).SelectMany(i => Unknown(100_000 + i))]);
        // A node of empty inputs, one of short ones, and attributes of numbers.
        Refuses("more nodes and other parts", InGraph(Message(0x0A, Repeat([0x0A, 1, (byte)'a']))));
        Refuses("more nodes and other parts", InGraph(Message(0x0A, Message(0x2A, Message(0x42, Repeat([1]))))));
        // Numbers of a tensor, a byte each.
        Refuses("more nodes and other parts", InGraph(Message(0x2A, Message(0x3A, Repeat([1])))));
    }

    [Fact]
    public void Messages_in_messages_without_end_are_refused()
    {
        // Types of values, and groups, which no longer exist.
        byte[] nested = [];
        for (var depth = 0; depth < 2000; depth++)
            nested = Message(0x0A, nested);
        Refuses("", InGraph(Message(0x5A, nested)));
        Refuses("", InGraph(Message(0x0A, nested)));
        Refuses("", Repeat([0x0B]));
        Refuses("", [.. Repeat([0x0B]), .. Repeat([0x0C])]);
    }

    [Fact]
    public void Names_that_are_given_again_and_again_take_no_longer()
    {
        var builder = new ModelBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            builder.Node("Relu", [i == 0 ? "x" : $"{i}"], i == 19_999 ? "y" : $"{i + 1}");
            builder.Model.Graph.Node[i].Name = "same";
        }

        var (elapsed, network) = Timed(builder.Read);

        Assert.True(elapsed < TimeSpan.FromSeconds(5), $"{elapsed}");
        Assert.Equal("same_20000", network.Graph.Nodes[^2].Name);
    }

    [Fact]
    public void A_long_name_is_not_copied_to_every_node()
    {
        var name = new string('n', 1 << 20);
        var builder = new ModelBuilder().Weights(name, 3);
        for (var i = 0; i < 1000; i++)
            builder.Node("BatchNormalization", [i == 0 ? "x" : $"{i}", "w", "w", "w", "w"], i == 999 ? "y" : $"{i + 1}");
        // Copied under a short name, which keeps the long one of what is stored.
        builder.Model.Graph.Node.Insert(0, ModelBuilder.NodeOf("Reshape", [name, "shape"], "w"));
        builder.Integers("shape", 3);

        var allocated = Allocated(() => builder.Read());

        Assert.InRange(allocated, 0, 64 << 20);
    }

    [Fact]
    public void A_value_of_very_many_channels_is_refused()
    {
        var wide = new ModelBuilder(1, 1, 1).Integers("p", 0, 1 << 28, 0, 0, 0, 0, 0, 0).Node("Pad", ["x", "p"], "w").Floats("two", [], 2);

        Assert.Contains("needs more memory", wide.Node("Mul", ["w", "two"], "y").Refused());
    }

    [Fact]
    public void Shapes_that_overflow_are_refused()
    {
        Assert.Contains("Flatten", Wide().Node("Flatten", ["w"], "y").Refused());
        Assert.Contains("Reshape", Wide().Integers("s", 0, -1).Node("Reshape", ["w", "s"], "y").Refused());
        Assert.Contains("more than can be held", Wide().Node("GlobalAveragePool", ["w"], "y").Refused());
        Assert.Contains("channels", new ModelBuilder(1 << 20, 1, 1).Node("Concat", [.. Enumerable.Repeat("x", 3000)], "y", ("axis", 1))
            .Refused());

        static ModelBuilder Wide() => new ModelBuilder(1 << 20, 1 << 20, 1 << 20).Node("Relu", ["x"], "w");
    }

    [Fact]
    public void Tensors_of_impossible_shapes_are_refused()
    {
        Refuses("impossible shape", [-1]);
        Refuses("impossible shape", [long.MaxValue]);
        Refuses("impossible shape", [.. Enumerable.Repeat(1L, 17)]);
        Refuses("more than can be held", [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue]);
        Refuses("gives a tensor 'w' 4 bytes; expected 400000000", [100_000_000]);
        Refuses("gives a tensor 'w' 4 bytes; expected 0", [0, int.MaxValue]);

        static void Refuses(string message, long[] shape)
        {
            var builder = new ModelBuilder().Weights("w").Node("Mul", ["x", "w"], "y");
            builder.Model.Graph.Initializer[0].Dims.AddRange(shape);
            Assert.Contains(message, builder.Refused());
        }
    }

    private static void Refuses(string message, byte[] model)
    {
        var elapsed = TimeSpan.Zero;
        var allocated = Allocated(() => (elapsed, _) = Timed(() =>
        {
            var found = Assert.Throws<NernException>(() => OnnxFile.Read(model, "x")).Message;
            Assert.StartsWith("'x' ", found);
            Assert.Contains(message, found);
            return 0;
        }));
        Assert.InRange(allocated, 0, (64 << 20) + (10L * model.Length));
        Assert.True(elapsed < TimeSpan.FromSeconds(5), $"{elapsed}");
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (TimeSpan Elapsed, T Result) Timed<T>(Func<T> action)
    {
        var started = Stopwatch.GetTimestamp();
        var result = action();
        return (Stopwatch.GetElapsedTime(started), result);
    }

    private static byte[] InGraph(byte[] content) => Message(0x3A, content);

    private static byte[] Message(byte tag, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteRawTag(tag);
            output.WriteLength(content.Length);
        }
        return [.. stream.ToArray(), .. content];
    }

    private static byte[] Unknown(int field)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt32(1);
        }
        return stream.ToArray();
    }

    private static byte[] Repeat(byte[] bytes)
    {
        var repeated = new byte[Size];
        for (var i = 0; i < Size; i++)
            repeated[i] = bytes[i % bytes.Length];
        return repeated[..(Size - (Size % bytes.Length))];
    }
}
