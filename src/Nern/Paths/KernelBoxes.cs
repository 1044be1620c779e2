using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Paths;

/// <summary>
/// The boxes around the leaves of a tree, around groups of sixteen of these, and so on up to a single group; sixteen boxes lie side
/// by side, so that their distances to a point are found at once.
/// </summary>
internal sealed class KernelBoxes
{
    /// <summary>Boxes in a group, children of a node.</summary>
    public const int Fan = 16;

    private readonly int _dimensions;
    private readonly float[][] _levels; // level -> [group, dimensions, lower or upper, Fan]

    /// <summary>Empty boxes.</summary>
    public KernelBoxes(int leaves, int dimensions)
    {
        _dimensions = dimensions;
        var levels = new List<float[]>();
        var groups = leaves;
        do
        {
            groups = (groups + Fan - 1) / Fan;
            levels.Add(new float[groups * dimensions * 2 * Fan]);
            for (var row = 0; row < groups * dimensions * 2; row++)
                levels[^1].AsSpan(row * Fan, Fan).Fill(row % 2 == 0 ? float.PositiveInfinity : float.NegativeInfinity);
        }
        while (groups > 1);
        _levels = [.. levels];
    }

    /// <summary>The height of the tree; the groups of level 0 are boxes of leaves.</summary>
    public int Levels => _levels.Length;

    /// <summary>Whether the box of a leaf ends at this coordinate.</summary>
    public bool EndsAt(int leaf, int dimension, float value)
    {
        var lower = Lower(leaf, dimension);
        return _levels[0][lower] == value || _levels[0][lower + Fan] == value;
    }

    /// <summary>Sets one side of the box of a leaf, and of the boxes around it as far up as that changes them.</summary>
    public void Set(int leaf, int dimension, (float Lower, float Upper) extent)
    {
        var node = leaf;
        foreach (var boxes in _levels)
        {
            var at = Lower(node, dimension);
            if ((boxes[at], boxes[at + Fan]) == extent)
                return;
            (boxes[at], boxes[at + Fan]) = extent;
            var row = at - (node % Fan);
            extent = (Extent(boxes.AsSpan(row, Fan)).Lower, Extent(boxes.AsSpan(row + Fan, Fan)).Upper);
            node /= Fan;
        }
    }

    /// <summary>The squared distances from a point to the boxes of a group; infinite for empty ones.</summary>
    public Vector512<float> Distances(int level, int group, ReadOnlySpan<float> point)
    {
        var length = _dimensions * 2 * Fan;
        var rows = MemoryMarshal.Cast<float, Vector512<float>>(_levels[level].AsSpan(group * length, length));
        var sum = Vector512<float>.Zero;
        for (var d = 0; d < point.Length; d++)
        {
            var value = Vector512.Create(point[d]);
            var outside = Vector512.MaxNative(rows[2 * d] - value, value - rows[(2 * d) + 1]);
            outside = Vector512.MaxNative(outside, Vector512<float>.Zero);
            sum = Vector512.FusedMultiplyAdd(outside, outside, sum);
        }
        return sum;
    }

    /// <summary>The least and the largest of some values; of none, an empty extent.</summary>
    public static (float Lower, float Upper) Extent(ReadOnlySpan<float> values)
    {
        var (lower, upper) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            lower = Math.Min(lower, value);
            upper = Math.Max(upper, value);
        }
        return (lower, upper);
    }

    private int Lower(int node, int dimension) => (((node / Fan * _dimensions) + dimension) * 2 * Fan) + (node % Fan);
}
