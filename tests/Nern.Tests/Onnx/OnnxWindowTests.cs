using FsCheck;
using FsCheck.Fluent;
using Nern.Networks;
using Nern.Onnx;

namespace Nern.Tests.Onnx;

public sealed class OnnxWindowTests
{
    private static readonly string[] Kinds = ["pads", "pads, rounded up", "VALID", "SAME_UPPER", "SAME_LOWER"];

    [Fact]
    public void A_window_is_where_ONNX_puts_it() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Generator((ulong)seed);
            var kind = Kinds[random.NextInt32(Kinds.Length)];
            int[] extents = Draw(1, 12), kernel = Draw(1, 4), strides = Draw(1, 4), dilations = Draw(1, 3);
            int[] pads = [.. Draw(0, kernel[0]), .. Draw(0, kernel[1])];
            var window = Of(kind, extents, kernel, strides, dilations, pads);

            var (rows, columns) = Sliding.Infer(new ImageShape(1, extents[0], extents[1]), kernel[0], kernel[1], window);

            Assert.Equal(Starts(kind, extents[0], kernel[0], strides[0], dilations[0], pads[0], pads[2]),
                Places(rows, window.StrideY, window.Top));
            Assert.Equal(Starts(kind, extents[1], kernel[1], strides[1], dilations[1], pads[1], pads[3]),
                Places(columns, window.StrideX, window.Left));
            Assert.Equal((dilations[0], dilations[1]), (window.DilationY, window.DilationX));

            int[] Draw(int least, int most) =>
                [least + random.NextInt32(most - least + 1), least + random.NextInt32(most - least + 1)];
            static IEnumerable<int> Places(int count, int stride, int before) =>
                Enumerable.Range(0, count).Select(i => (i * stride) - before);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(3, 2, "SAME_UPPER", 0, 1)]
    [InlineData(3, 2, "SAME_LOWER", 1, 0)]
    [InlineData(4, 1, "SAME_UPPER", 1, 2)]
    [InlineData(2, 3, "SAME_UPPER", 0, 0)]
    [InlineData(3, 2, "VALID", 0, 0)]
    public void Pads_that_follow_from_the_size_are_those_worked_out_by_hand(int kernel, int stride, string kind, int before, int after)
    {
        var window = OnnxWindow.Of(
            Node(("strides", new[] { stride, 1 }), ("auto_pad", kind)), new ImageShape(1, 8, 1), kernel, 1);

        Assert.Equal(new Window(stride, 1, before, 0, after, 0), window);
    }

    [Theory]
    [InlineData("strides", new[] { 0, 1 }, "has the strides 0 x 1; expected two numbers above 0")]
    [InlineData("dilations", new[] { 1, 1, 1 }, "has the dilations 1 x 1 x 1; expected two numbers above 0")]
    [InlineData("pads", new[] { 1, 1 }, "has 2 pads; expected 4")]
    [InlineData("pads", new[] { 0, 0, 0, -1 }, "has the impossible extent -1")]
    [InlineData("pads", new[] { 0, 0, 0, int.MaxValue }, "has the impossible extent 2147483647")]
    [InlineData("auto_pad", "DIFFERENT", "has the unknown auto_pad DIFFERENT")]
    public void What_makes_no_window_is_refused(string attribute, object value, string message) => Assert.Equal(
        message,
        Assert.Throws<UnsupportedNodeException>(() => OnnxWindow.Of(Node((attribute, value)), new ImageShape(1, 8, 8), 3, 3)).Message);

    [Fact]
    public void The_largest_extents_do_not_wrap_around()
    {
        var most = (1 << 29) - 1;

        Assert.Equal(
            new Window(most, 1, (1 << 28) - 2, 0, (1 << 28) - 1, 0, most, 1),
            OnnxWindow.Of(
                Node(("strides", new[] { most, 1 }), ("dilations", new[] { most, 1 }), ("auto_pad", "SAME_UPPER")),
                new ImageShape(1, int.MaxValue, 1), 2, 1));
    }

    private static Window Of(string kind, int[] extents, int[] kernel, int[] strides, int[] dilations, int[] pads) => OnnxWindow.Of(
        Node(
            [
                ("strides", strides), ("dilations", dilations), ("ceil_mode", kind == "pads, rounded up" ? 1 : 0),
                .. kind.StartsWith("pads", StringComparison.Ordinal) ? [("pads", pads)] : new (string, object)[] { ("auto_pad", kind) },
            ]),
        new ImageShape(1, extents[0], extents[1]), kernel[0], kernel[1]);

    private static OnnxNode Node(params (string Name, object Value)[] attributes) =>
        new(ModelBuilder.NodeOf("MaxPool", ["x"], "y", attributes), []);

    /// <summary>Where the windows begin along an axis, one after another.</summary>
    private static List<int> Starts(string kind, int extent, int kernel, int stride, int dilation, int before, int after)
    {
        var reach = (dilation * (kernel - 1)) + 1;
        var starts = new List<int>();
        if (kind.StartsWith("SAME", StringComparison.Ordinal))
        {
            // As many as there are strides in the image, with what is missing around it.
            var count = (int)Math.Ceiling((double)extent / stride);
            var missing = Math.Max(0, ((count - 1) * stride) + reach - extent);
            before = kind == "SAME_UPPER" ? missing / 2 : missing - (missing / 2);
            for (var i = 0; i < count; i++)
                starts.Add((i * stride) - before);
            return starts;
        }
        if (kind == "VALID")
            (before, after) = (0, 0);
        // Rounded up, the last may reach beyond the padding by less than a stride, and is left out if it begins behind the image.
        var roundsUp = kind == "pads, rounded up";
        for (var start = -before; start + reach <= extent + after + (roundsUp ? stride - 1 : 0); start += stride)
            starts.Add(start);
        if (roundsUp && starts.Count > 0 && starts[^1] >= extent)
            starts.RemoveAt(starts.Count - 1);
        return starts;
    }
}
