using Nern.Kernels;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// The orders of kernels, and of their values where those have one, in a stream of the arithmetic coder: each is a permutation by its rank, so that one of n
/// takes log2(n!) bits.
/// </summary>
internal static class OrderStream
{
    private const string Name = "ordering.stream";

    /// <summary>The stream as a tensor of its own.</summary>
    internal static KeyValuePair<string, Tensor> Write(PredictorDesign design)
    {
        var stream = CodedTensors.Writer();
        Write(design, stream);
        var bytes = stream.Finish();
        return new(Name, new Tensor(ElementType.UInt8, [bytes.Length], bytes));
    }

    /// <summary>Writes the orders of all layers, then those of their values.</summary>
    internal static void Write(PredictorDesign design, CodedTensors stream)
    {
        var layout = design.Layout;
        foreach (var ordering in design.Orderings)
            stream.Code(ordering, ordering.Kind, ordering.Filters, ordering.Channels);
        for (var l = 0; l < layout.ValueOrders?.Count; l++)
            stream.CodeValueOrder(layout.ValueOrders[l], layout, l);
    }

    /// <summary>Reads a stream that is a tensor of its own.</summary>
    /// <inheritdoc cref="Read(KernelLayout, OrderingKind, bool, CodedTensors)"/>
    internal static (KernelLayout Layout, IReadOnlyList<Ordering> Orderings) Read(
        KernelLayout layout, OrderingKind kind, IReadOnlyDictionary<string, Tensor> tensors)
    {
        if (tensors.GetValueOrDefault(Name) is not { Type: ElementType.UInt8 } tensor)
            throw new InvalidDataException($"the bytes {Name} are missing.");
        var stream = CodedTensors.Reader(tensor.Data);
        var orders = Read(layout, kind, hasValueOrders: true, stream);
        stream.CheckEnd();
        return orders;
    }

    /// <summary>Reads what <see cref="Write(PredictorDesign, CodedTensors)"/> wrote.</summary>
    /// <returns>The layout with the orders of values, and the orders of kernels.</returns>
    internal static (KernelLayout Layout, IReadOnlyList<Ordering> Orderings) Read(
        KernelLayout layout, OrderingKind kind, bool hasValueOrders, CodedTensors stream)
    {
        Ordering[] orderings = [.. layout.Layers.Select((layer, l) => stream.Code(null, kind, layer.Filters, layout.Blocks[l]))];
        return (
            hasValueOrders
                ? layout.With([.. layout.Layers.Select((_, l) => (ReadOnlyMemory<int>)stream.CodeValueOrder(default, layout, l))]) : layout,
            orderings);
    }
}
