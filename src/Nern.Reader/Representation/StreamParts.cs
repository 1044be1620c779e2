using System.Runtime.ExceptionServices;
using Nern.Coding;

namespace Nern.Representation;

/// <summary>
/// The stream of a small .nern file in parts that threads code at the same time (docs/formats.md). Each part learns anew, which costs some ten
/// bytes.
/// </summary>
internal static class StreamParts
{
    private const int Parts = 4;

    // Of fewer elements than these nothing would be won.
    private const long LeastElements = 1 << 16;

    /// <summary>The parts that a file is written in.</summary>
    internal static IReadOnlyList<StoredTensor>[] Of(IReadOnlyList<StoredTensor> tensors) =>
        Of(tensors, tensors.Sum(tensor => tensor.Count) < LeastElements ? 1 : Parts);

    /// <summary>Tensors, one after another, in so many parts of about as many elements: each in that which its first element would be in.</summary>
    internal static IReadOnlyList<StoredTensor>[] Of(IReadOnlyList<StoredTensor> tensors, int count)
    {
        var parts = Enumerable.Range(0, count).Select(_ => new List<StoredTensor>()).ToArray();
        var (before, all) = (0L, tensors.Sum(tensor => tensor.Count));
        foreach (var tensor in tensors)
        {
            parts[Math.Min(count - 1, checked(before * count) / Math.Max(1, all))].Add(tensor);
            before += tensor.Count;
        }
        return parts;
    }

    /// <summary>Where each part but the first begins; null where there is one.</summary>
    internal static int[]? Cuts(IReadOnlyList<byte[]> parts)
    {
        var cuts = new int[parts.Count - 1];
        for (var i = 0; i < cuts.Length; i++)
            cuts[i] = parts[i].Length + (i == 0 ? 0 : cuts[i - 1]);
        return cuts.Length == 0 ? null : cuts;
    }

    /// <summary>The parts of a stream.</summary>
    /// <exception cref="InvalidDataException">It ends before a cut, or they are not in order.</exception>
    internal static ReadOnlyMemory<byte>[] Split(ReadOnlyMemory<byte> stream, IReadOnlyList<int> cuts)
    {
        int[] bounds = [0, .. cuts, stream.Length];
        if (bounds.Max() > stream.Length)
            throw new InvalidDataException(BitCoder.EndsEarly);
        if (!bounds.Order().SequenceEqual(bounds))
            throw new InvalidDataException("the parts of its stream are not one behind another.");
        return [.. bounds.Zip(bounds.Skip(1), (first, end) => stream[first..end])];
    }

    /// <summary>Does something with each tensor, part by part at the same time.</summary>
    /// <returns>What came of each, in their order.</returns>
    internal static IEnumerable<T> ForEach<T>(IReadOnlyList<StoredTensor>[] parts, Func<int, StoredTensor, T> code)
    {
        var results = new List<T>[parts.Length];
        try
        {
            Parallel.For(0, parts.Length, part => results[part] = [.. parts[part].Select(tensor => code(part, tensor))]);
        }
        catch (AggregateException exception)
        {
            // Which of them fails first is no matter.
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        return results.SelectMany(result => result);
    }
}
