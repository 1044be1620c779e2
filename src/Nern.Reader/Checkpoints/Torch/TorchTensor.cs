using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>
/// A tensor as a PyTorch pickle declares it: a strided view of a storage. Nothing is checked until it is needed,
/// because checkpoints hold more (the optimiser's state) than is read from them.
/// </summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Offset">The element of the storage it begins at.</param>
/// <param name="Size">Its dimensions, a tuple.</param>
/// <param name="Stride">For each dimension the step in elements, a tuple.</param>
internal sealed record TorchTensor(TorchStorage Storage, object? Offset, object? Size, object? Stride)
{
    /// <summary>
    /// Makes the tensor: a slice of <paramref name="storage"/> if its elements lie in row-major order there, else a copy.
    /// </summary>
    /// <param name="storage">The bytes of <see cref="Storage"/>, whose elements are of a known type.</param>
    /// <param name="copyBudget">Bytes that may still be copied; lowered by what is.</param>
    /// <exception cref="InvalidDataException">The view leaves its storage, or repeats elements.</exception>
    public Tensor Materialise(ReadOnlyMemory<byte> storage, ref long copyBudget)
    {
        var type = Storage.Elements.Type!.Value;
        var (shape, strides) = Layout();
        var offset = Offset is long and >= 0 ? (long)Offset : throw new InvalidDataException("begins at no element of its storage.");
        var byteCount = StoredSize.Of(type, shape);
        if (byteCount > Storage.ByteCount)
            throw new InvalidDataException(
                $"has the shape {Tensor.Describe(shape)}, more elements than the {Storage.Count} of its storage.");

        // At most 16 steps of less than 2^62 each.
        Int128 last = byteCount == 0 ? offset - 1 : offset;
        for (var i = 0; i < shape.Length && byteCount > 0; i++)
            last += (shape[i] - 1) * strides[i];
        if (last >= Storage.Count)
            throw new InvalidDataException($"reaches element {last} of a storage of {Storage.Count}.");

        var size = Tensor.SizeOf(type);
        if (IsRowMajor(shape, strides))
            return new Tensor(type, shape, storage.Slice((int)(offset * size), (int)byteCount));
        if ((copyBudget -= byteCount) < 0)
            throw new InvalidDataException("would unfold, with those before it, to several times the size of the file.");
        var data = new byte[byteCount];
        Gather(storage.Span, data, size, (int)offset, shape, strides);
        return new Tensor(type, shape, data);
    }

    private (int[] Shape, long[] Strides) Layout()
    {
        if (Size is not object?[] { Length: <= StoredSize.MaximumRank } sizes
            || Stride is not object?[] steps
            || steps.Length != sizes.Length)
            throw new InvalidDataException($"lacks a size and a stride for each of at most {StoredSize.MaximumRank} dimensions.");
        if (!sizes.All(size => size is long and >= 0 and <= int.MaxValue) || !steps.All(step => step is long and >= 0 and <= int.MaxValue))
            throw new InvalidDataException($"has a size or stride that is not a whole number from 0 to {int.MaxValue}.");
        return ([.. sizes.Select(size => (int)(long)size!)], [.. steps.Select(step => (long)step!)]);
    }

    private static bool IsRowMajor(int[] shape, long[] strides)
    {
        if (shape.Contains(0))
            return true;
        var expected = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            // The stride of a single element is never used.
            if (shape[i] != 1 && strides[i] != expected)
                return false;
            expected *= shape[i];
        }
        return true;
    }

    private static void Gather(
        ReadOnlySpan<byte> source, Span<byte> target, int size, long offset, ReadOnlySpan<int> shape, ReadOnlySpan<long> strides)
    {
        if (shape.Length == 0)
        {
            source.Slice((int)offset * size, size).CopyTo(target);
            return;
        }
        var inner = target.Length / shape[0];
        for (var i = 0; i < shape[0]; i++)
            Gather(source, target.Slice(i * inner, inner), size, offset + i * strides[0], shape[1..], strides[1..]);
    }
}
