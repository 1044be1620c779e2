using Nern.Networks;

namespace Nern.Onnx;

/// <summary>How an ONNX convolution or pooling says its window: strides, pads, dilations, auto_pad, ceil_mode.</summary>
internal static class OnnxWindow
{
    /// <summary>The window.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The shape it slides over.</param>
    /// <param name="kernelHeight">Rows of the kernel.</param>
    /// <param name="kernelWidth">Columns of the kernel.</param>
    internal static Window Of(OnnxNode node, ImageShape input, int kernelHeight, int kernelWidth)
    {
        var strides = Two(node, "strides");
        var dilations = Two(node, "dilations");
        var roundsUp = node.Integer("ceil_mode", 0) != 0;
        var (top, bottom) = Axis(0, input.Height, kernelHeight);
        var (left, right) = Axis(1, input.Width, kernelWidth);
        return new(strides[0], strides[1], top, left, bottom, right, dilations[0], dilations[1]);

        (int Before, int After) Axis(int axis, long extent, int kernel)
        {
            var (stride, reach) = (strides[axis], (dilations[axis] * (kernel - 1L)) + 1);
            var (before, after) = Padding(node, axis, extent, stride, reach);
            var room = before + extent + after - reach;
            if (!roundsUp || room <= -stride)
                return (before, after);
            var positions = ((room + stride - 1) / stride) + 1;
            // A window that would begin behind the image is left out.
            if ((positions - 1) * stride >= extent + before)
                positions--;
            return (before, Whole(Math.Max(0, ((positions - 1) * stride) + reach - extent - before)));
        }
    }

    /// <summary>Rows and columns of the kernel as the node says them.</summary>
    internal static (int Height, int Width) Kernel(OnnxNode node) => node.Integers("kernel_shape") is [var height, var width]
        ? (Whole(height), Whole(width))
        : throw new UnsupportedNodeException("has no kernel of two dimensions");

    internal static int Whole(long value) => value is >= 0 and <= int.MaxValue / 4
        ? (int)value
        : throw new UnsupportedNodeException($"has the impossible extent {value}");

    private static (int Before, int After) Padding(OnnxNode node, int axis, long extent, int stride, long reach)
    {
        switch (node.Text("auto_pad", "NOTSET"))
        {
            case "NOTSET":
                return node.Integers("pads") switch
                {
                    null => (0, 0),
                    [_, _, _, _] pads => (Whole(pads[axis]), Whole(pads[axis + 2])),
                    var pads => throw new UnsupportedNodeException($"has {pads.Length} pads; expected 4"),
                };
            case "VALID":
                return (0, 0);
            case var kind and ("SAME_UPPER" or "SAME_LOWER"):
                var total = Whole(Math.Max(0, (((extent + stride - 1) / stride) - 1) * stride + reach - extent));
                var less = total / 2;
                return kind == "SAME_UPPER" ? (less, total - less) : (total - less, less);
            case var kind:
                throw new UnsupportedNodeException($"has the unknown auto_pad {kind}");
        }
    }

    private static int[] Two(OnnxNode node, string name) => node.Integers(name) switch
    {
        null => [1, 1],
        [> 0 and var y, > 0 and var x] => [Whole(y), Whole(x)],
        var values => throw new UnsupportedNodeException($"has the {name} {string.Join(" x ", values)}; expected two numbers above 0"),
    };
}
