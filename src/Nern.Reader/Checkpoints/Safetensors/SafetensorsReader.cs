using System.Buffers.Binary;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Safetensors;

/// <summary>
/// Reads the safetensors format: an 8-byte little-endian header length, a JSON header, and the data of all tensors.
/// Tensors share the memory they are read from; nothing is copied.
/// </summary>
internal static class SafetensorsReader
{
    private const int LengthSize = 8;

    /// <summary>Reads a whole file that is already in memory.</summary>
    /// <param name="bytes">The file; the tensors returned are slices of it.</param>
    /// <param name="nameForMessages">What errors call the file, usually its path.</param>
    /// <returns>The tensors in the order of the header, under the names the file gives them.</returns>
    /// <exception cref="NernException">
    /// The bytes are not a safetensors file, or its tensors leave the data section, overlap, leave holes, or do not fit their shapes.
    /// </exception>
    public static Checkpoint Read(ReadOnlyMemory<byte> bytes, string nameForMessages) =>
        MalformedFile.Report(nameForMessages, () => Parse(bytes));

    private static Checkpoint Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < LengthSize)
            throw new InvalidDataException(
                $"is too short for a safetensors file: expected at least {LengthSize} bytes, found {bytes.Length}.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (length > SafetensorsHeader.MaximumLength)
            throw new InvalidDataException(
                $"declares a safetensors header of {length} bytes; expected at most {SafetensorsHeader.MaximumLength}.");
        if (length > (ulong)(bytes.Length - LengthSize))
            throw new InvalidDataException(
                "ends inside its safetensors header: "
                + $"expected {length} bytes after the first {LengthSize}, found {bytes.Length - LengthSize}.");

        var header = SafetensorsHeader.Parse(bytes.Span.Slice(LengthSize, (int)length));
        var data = bytes[(LengthSize + (int)length)..];
        CheckCoverage(header.Entries, data.Length);
        return new Checkpoint(header.Entries.Select(entry => KeyValuePair.Create(entry.Name, Slice(entry, data))), header.Metadata);
    }

    // Every byte belongs to exactly one tensor, so nothing can hide in the file or be read twice.
    private static void CheckCoverage(IEnumerable<SafetensorsHeader.Entry> entries, int dataLength)
    {
        var covered = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            var name = MalformedFile.Quote(entry.Name);
            if (entry.End < entry.Begin || entry.End > dataLength)
                throw new InvalidDataException(
                    $"puts the tensor {name} at bytes {entry.Begin} to {entry.End} of a data section of {dataLength} bytes.");
            if (entry.Begin != covered)
                throw new InvalidDataException(
                    $"{(entry.Begin < covered ? "lets tensors overlap" : "leaves a hole")} in its data: "
                    + $"expected the tensor {name} to begin at byte {covered}, found {entry.Begin}.");
            covered = entry.End;
        }
        if (covered != dataLength)
            throw new InvalidDataException(
                $"has data that belongs to no tensor: expected {covered} bytes after the header, found {dataLength}.");
    }

    private static Tensor Slice(SafetensorsHeader.Entry entry, ReadOnlyMemory<byte> data)
    {
        var expected = StoredSize.Of(entry.Type, entry.Shape);
        if (expected != entry.End - entry.Begin)
            throw new InvalidDataException(
                $"gives the tensor {MalformedFile.Quote(entry.Name)} {entry.End - entry.Begin} bytes; "
                + $"expected {expected} for {entry.Type} {Tensor.Describe(entry.Shape)}.");
        return new Tensor(entry.Type, entry.Shape, data[(int)entry.Begin..(int)entry.End]);
    }
}
