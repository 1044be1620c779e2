using System.Buffers.Binary;
using Nern.Orderings;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// Orderings as tensors, in the narrowest integers that hold their largest entry: cross-filter one permutation of all kernels,
/// in-filter one of the filters and one of the channels of each, by axes one of each.
/// </summary>
internal static class StoredOrdering
{
    internal static IEnumerable<KeyValuePair<string, Tensor>> Write(string layer, Ordering ordering) => ordering.Kind switch
    {
        OrderingKind.CrossFilter =>
            [new(Name(layer), Integers([ordering.Filters, ordering.Channels], ordering.KernelAt, ordering.Filters * ordering.Channels))],
        OrderingKind.InFilter =>
        [
            new($"{Name(layer)}.filters", Integers([ordering.Filters], ordering.FilterPath, ordering.Filters)),
            new($"{Name(layer)}.channels", Integers([ordering.Filters, ordering.Channels], ordering.ChannelPaths, ordering.Channels)),
        ],
        OrderingKind.Axes =>
        [
            new($"{Name(layer)}.filters", Integers([ordering.Filters], ordering.FilterPath, ordering.Filters)),
            new($"{Name(layer)}.channels", Integers([ordering.Channels], ordering.ChannelPaths, ordering.Channels)),
        ],
        _ => [],
    };

    internal static Ordering Read(
        string layer, int filters, int channels, OrderingKind kind, IReadOnlyDictionary<string, Tensor> tensors) => kind switch
        {
            OrderingKind.CrossFilter => Ordering.CrossFilter(filters, channels, Indices(tensors, Name(layer), filters, channels)),
            OrderingKind.InFilter => Ordering.InFilter(
                filters, channels,
                Indices(tensors, $"{Name(layer)}.filters", filters),
                Indices(tensors, $"{Name(layer)}.channels", filters, channels)),
            OrderingKind.Axes => Ordering.Axes(
                filters, channels,
                Indices(tensors, $"{Name(layer)}.filters", filters),
                Indices(tensors, $"{Name(layer)}.channels", channels)),
            _ => Ordering.None(filters, channels),
        };

    private static string Name(string layer) => $"ordering.{layer}";

    private static Tensor Integers(int[] shape, ReadOnlySpan<int> values, int count)
    {
        // Unsigned 16-bit tensors are unknown to many readers, so signed ones carry up to 2^15 kernels.
        var type = count <= 1 << 8 ? ElementType.UInt8 : count <= 1 << 15 ? ElementType.Int16 : ElementType.Int32;
        var size = Tensor.SizeOf(type);
        var data = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
            switch (type)
            {
                case ElementType.UInt8:
                    data[i] = (byte)values[i];
                    break;
                case ElementType.Int16:
                    BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(i * size), (short)values[i]);
                    break;
                default:
                    BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(i * size), values[i]);
                    break;
            }
        return new Tensor(type, shape, data);
    }

    private static int[] Indices(IReadOnlyDictionary<string, Tensor> tensors, string name, params int[] shape)
    {
        var tensor = tensors.Find(name, shape);
        var data = tensor.Data;
        return tensor.Type switch
        {
            ElementType.UInt8 => [.. Enumerable.Range(0, tensor.Count).Select(i => (int)data.Span[i])],
            ElementType.Int16 =>
                [.. Enumerable.Range(0, tensor.Count).Select(i => (int)BinaryPrimitives.ReadInt16LittleEndian(data.Span[(2 * i)..]))],
            ElementType.Int32 =>
                [.. Enumerable.Range(0, tensor.Count).Select(i => BinaryPrimitives.ReadInt32LittleEndian(data.Span[(4 * i)..]))],
            _ => throw new InvalidDataException($"the tensor {name} holds {tensor.Type} instead of integers."),
        };
    }
}
