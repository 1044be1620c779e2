using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Paths;

/// <summary>
/// The greedy path found by looking at every vector left, for up to some thousands of them or vectors of many dimensions.
/// </summary>
internal static class ExhaustivePath
{
    private const int Lanes = 16;

    /// <summary>
    /// The order of the path: from vector 0 always to the nearest one left, the lower index first. The inner product (or the
    /// negative squared distance) is summed in float32 over ascending dimensions by fused multiply-adds, one after the other.
    /// </summary>
    /// <param name="vectors">[n, dimensions]; unit or zero vectors when the metric is the cosine.</param>
    /// <param name="dimensions">Values of one vector.</param>
    /// <param name="metric">What is near.</param>
    public static int[] Find(ReadOnlySpan<float> vectors, int dimensions, PathMetric metric)
    {
        var path = new int[vectors.Length / dimensions];
        // Sixteen vectors side by side: [block, dimensions, 16]. What is visited is replaced by the last one left.
        var blocks = new float[(path.Length + Lanes - 1) / Lanes * dimensions * Lanes];
        for (var i = 0; i < path.Length; i++)
            for (var d = 0; d < dimensions; d++)
                blocks[At(i, d, dimensions)] = vectors[(i * dimensions) + d];
        int[] indices = [.. Enumerable.Range(0, path.Length)];

        var slot = 0;
        for (var step = 0; ; step++)
        {
            path[step] = indices[slot];
            var left = path.Length - step - 1;
            if (left == 0)
                return path;
            indices[slot] = indices[left];
            for (var d = 0; d < dimensions; d++)
                blocks[At(slot, d, dimensions)] = blocks[At(left, d, dimensions)];
            var from = vectors.Slice(path[step] * dimensions, dimensions);
            slot = Nearest(from, blocks, indices.AsSpan(0, left), metric);
        }
    }

    private static int Nearest(ReadOnlySpan<float> from, float[] blocks, ReadOnlySpan<int> indices, PathMetric metric)
    {
        var best = float.NegativeInfinity;
        var bestSlot = -1;
        for (var first = 0; first < indices.Length; first += Lanes)
        {
            var rows = MemoryMarshal.Cast<float, Vector512<float>>(blocks.AsSpan(first * from.Length, from.Length * Lanes));
            var scores = metric == PathMetric.Cosine ? InnerProducts(from, rows) : NegativeSquaredDistances(from, rows);
            var candidates = Vector512.GreaterThanOrEqual(scores, Vector512.Create(best)).ExtractMostSignificantBits();
            if (indices.Length - first < Lanes)
                candidates &= (1UL << (indices.Length - first)) - 1;
            for (; candidates != 0; candidates &= candidates - 1)
            {
                var lane = BitOperations.TrailingZeroCount(candidates);
                var score = scores[lane];
                if (bestSlot < 0 || score > best || (score == best && indices[first + lane] < indices[bestSlot]))
                {
                    best = score;
                    bestSlot = first + lane;
                }
            }
        }
        return bestSlot;
    }

    private static Vector512<float> InnerProducts(ReadOnlySpan<float> from, ReadOnlySpan<Vector512<float>> rows)
    {
        var sum = Vector512<float>.Zero;
        for (var d = 0; d < from.Length; d++)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(from[d]), rows[d], sum);
        return sum;
    }

    private static Vector512<float> NegativeSquaredDistances(ReadOnlySpan<float> from, ReadOnlySpan<Vector512<float>> rows)
    {
        var sum = Vector512<float>.Zero;
        for (var d = 0; d < from.Length; d++)
        {
            var difference = Vector512.Create(from[d]) - rows[d];
            sum = Vector512.FusedMultiplyAdd(-difference, difference, sum);
        }
        return sum;
    }

    private static int At(int vector, int dimension, int dimensions) =>
        (((vector / Lanes * dimensions) + dimension) * Lanes) + (vector % Lanes);
}
