using Nern.Kernels;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// The order of the values in the rows of a layer as bytes: a stream of the arithmetic coder, in which each row is a permutation by its rank, so that one
/// of n values takes log2(n!) bits.
/// </summary>
internal static class StoredValueOrder
{
    internal static KeyValuePair<string, Tensor> Write(KernelLayout layout, int layer)
    {
        var stream = CodedTensors.Writer();
        stream.CodeValueOrder(layout.ValueOrders![layer], layout, layer);
        var bytes = stream.Finish();
        return new(Name(layout, layer), new Tensor(ElementType.UInt8, [bytes.Length], bytes));
    }

    internal static ReadOnlyMemory<int> Read(KernelLayout layout, int layer, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var name = Name(layout, layer);
        if (tensors.GetValueOrDefault(name) is not { Type: ElementType.UInt8 } tensor)
            throw new InvalidDataException($"the bytes {name} are missing.");
        var stream = CodedTensors.Reader(tensor.Data);
        var order = stream.CodeValueOrder(default, layout, layer);
        stream.CheckEnd();
        return order;
    }

    private static string Name(KernelLayout layout, int layer) => $"ordering.{layout.Layers[layer].Name}.values";
}
