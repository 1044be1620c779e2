using System.Numerics;
using System.Runtime.InteropServices;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// A weight of the predictor in a .nern file of version 1: as it is, or, where one in sixteen of its values is 0 or more, as which are not and
/// those alone (docs/formats.md).
/// </summary>
internal sealed class StoredMatrix
{
    // A bit for each value has to cost less than is saved.
    private const int LeastZeros = 16;

    private const string PresentSuffix = ".present";

    // Bits from the lowest on; empty where all are present.
    private readonly ReadOnlyMemory<byte> _present;
    private readonly Tensor _values;

    private StoredMatrix(ReadOnlyMemory<byte> present, Tensor values) => (_present, _values) = (present, values);

    /// <summary>Its tensors.</summary>
    internal static KeyValuePair<string, Tensor>[] Write(string name, int rows, int columns, ReadOnlySpan<float> values)
    {
        // Only 0 itself is left out: -0 is another number.
        var present = new byte[(values.Length + 7) / 8];
        var kept = new List<float>();
        for (var i = 0; i < values.Length; i++)
            if (BitConverter.SingleToUInt32Bits(values[i]) != 0)
            {
                present[i / 8] |= (byte)(1 << (i % 8));
                kept.Add(values[i]);
            }
        if (kept.Count == values.Length || (long)(values.Length - kept.Count) * LeastZeros < values.Length)
            return [new(name, Tensor.From([rows, columns], values))];
        return
        [
            new(name, Tensor.From([kept.Count], CollectionsMarshal.AsSpan(kept))),
            new(name + PresentSuffix, new(ElementType.UInt8, [present.Length], present)),
        ];
    }

    /// <summary>Finds it in a file.</summary>
    /// <exception cref="InvalidDataException">It is missing, or of another shape.</exception>
    internal static StoredMatrix Read(IReadOnlyDictionary<string, Tensor> tensors, string name, int rows, int columns)
    {
        if (!tensors.TryGetValue(name + PresentSuffix, out var present))
            return new(default, tensors.Find(name, rows, columns));
        var count = (long)rows * columns;
        if (present.Type != ElementType.UInt8 || present.Data.Length != (count + 7) / 8
            || (count % 8 != 0 && present.Data.Span[^1] >> (int)(count % 8) != 0))
            throw new InvalidDataException($"the tensor {name}{PresentSuffix} does not have a bit for each of {count} values.");
        var kept = 0;
        foreach (var bits in present.Data.Span)
            kept += BitOperations.PopCount(bits);
        return new(present.Data, tensors.Find(name, kept));
    }

    /// <summary>Writes its values into room that is 0.</summary>
    internal void CopyTo(Span<float> values)
    {
        var stored = _values.ToFloats();
        if (_present.IsEmpty)
        {
            stored.CopyTo(values);
            return;
        }
        var present = _present.Span;
        var next = 0;
        for (var i = 0; next < stored.Length; i++)
            if ((present[i / 8] >> (i % 8) & 1) != 0)
                values[i] = stored[next++];
    }
}
