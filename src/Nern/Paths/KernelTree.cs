using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Paths;

/// <summary>
/// Unit vectors in the leaves of a tree of boxes, for exact nearest-neighbour queries while vectors are taken out. A node has
/// sixteen children, so that one instruction handles sixteen boxes or sixteen vectors.
/// </summary>
internal sealed class KernelTree
{
    private const int Fan = KernelBoxes.Fan;
    private const int LeafSize = 2 * Fan;

    private readonly float[] _units;
    private readonly int _dimensions;
    private readonly float _margin;
    private readonly float[] _points; // [leaf, dimensions, LeafSize]
    private readonly int[] _indices; // [leaf, LeafSize]
    private readonly int[] _counts; // [leaf]
    private readonly int[] _place; // vector -> leaf * LeafSize + slot
    private readonly KernelBoxes _boxes;
    private readonly float[] _distances; // [level, Fan]

    // The query that runs.
    private int _query;
    private float _best;
    private int _bestIndex;
    private float _limit;

    /// <summary>Sorts vectors into leaves.</summary>
    /// <param name="units">[n, dimensions], unit vectors where they are used.</param>
    /// <param name="dimensions">Values of one vector.</param>
    /// <param name="indices">The vectors the tree holds; reordered.</param>
    public KernelTree(float[] units, int dimensions, int[] indices)
    {
        _units = units;
        _dimensions = dimensions;
        // Squared distances and inner products of the same vectors agree up to rounding; see Limit.
        _margin = 8 * (dimensions + 2) * MathF.ScaleB(1, -24);
        Count = CountAtStart = indices.Length;
        _place = new int[units.Length / dimensions];

        var starts = KernelTreeLeaves.Split(units, dimensions, indices, LeafSize);
        var leaves = starts.Length - 1;
        _points = new float[leaves * dimensions * LeafSize];
        _indices = new int[leaves * LeafSize];
        _counts = new int[leaves];
        _boxes = new KernelBoxes(leaves, dimensions);
        _distances = new float[_boxes.Levels * Fan];
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            for (var i = starts[leaf]; i < starts[leaf + 1]; i++)
                Place(indices[i], leaf, _counts[leaf]++);
            for (var d = 0; d < dimensions; d++)
                _boxes.Set(leaf, d, Extent(leaf, d));
        }
    }

    /// <summary>The vectors left.</summary>
    public int Count { get; private set; }

    /// <summary>The vectors there were when the tree was made.</summary>
    public int CountAtStart { get; }

    /// <summary>Puts an equal vector into the place of another.</summary>
    public void Replace(int index, int equal)
    {
        _place[equal] = _place[index];
        _indices[_place[index]] = equal;
    }

    /// <summary>Takes a vector out.</summary>
    public void Remove(int index)
    {
        var (leaf, slot) = Math.DivRem(_place[index], LeafSize);
        var last = --_counts[leaf];
        Count--;
        if (slot != last)
            Place(_indices[(leaf * LeafSize) + last], leaf, slot);
        for (var d = 0; d < _dimensions; d++)
            if (_boxes.EndsAt(leaf, d, _units[(index * _dimensions) + d]))
                _boxes.Set(leaf, d, Extent(leaf, d));
    }

    /// <summary>
    /// The vector left with the largest inner product with <paramref name="index"/>, which is or was in the tree, the lower index first.
    /// </summary>
    /// <param name="index">Where to start from.</param>
    /// <param name="other">A candidate that is not in the tree.</param>
    /// <param name="product">Its inner product.</param>
    public int Nearest(int index, int other = int.MaxValue, float product = -2)
    {
        (_query, _best, _bestIndex) = (index, product, other);
        _limit = Limit(product);
        // The nearest is mostly close by in the tree as well: the leaf of the query first, then its surroundings, ever wider.
        var node = _place[index] / LeafSize;
        SearchLeaf(node);
        for (var level = 0; level < _boxes.Levels; level++, node /= Fan)
            SearchGroup(level, node / Fan, without: node % Fan);
        return _bestIndex;
    }

    private void SearchGroup(int level, int group, int without)
    {
        var distances = _boxes.Distances(level, group, Query);
        var open = Vector512.LessThanOrEqual(distances, Vector512.Create(_limit)).ExtractMostSignificantBits();
        if (without >= 0)
            open &= ~(1UL << without);
        if (open == 0)
            return;
        var kept = _distances.AsSpan(level * Fan, Fan);
        distances.CopyTo(kept);
        while (open != 0)
        {
            var nearest = BitOperations.TrailingZeroCount(open);
            for (var rest = open & (open - 1); rest != 0; rest &= rest - 1)
            {
                var child = BitOperations.TrailingZeroCount(rest);
                if (kept[child] < kept[nearest])
                    nearest = child;
            }
            if (kept[nearest] > _limit)
                return;
            open &= ~(1UL << nearest);
            if (level == 0)
                SearchLeaf((group * Fan) + nearest);
            else
                SearchGroup(level - 1, (group * Fan) + nearest, without: -1);
        }
    }

    private void SearchLeaf(int leaf)
    {
        var query = Query;
        var rows = MemoryMarshal.Cast<float, Vector512<float>>(_points.AsSpan(leaf * _dimensions * LeafSize, _dimensions * LeafSize));
        var first = Vector512<float>.Zero;
        var second = Vector512<float>.Zero;
        for (var d = 0; d < query.Length; d++)
        {
            var value = Vector512.Create(query[d]);
            first = Vector512.FusedMultiplyAdd(value, rows[2 * d], first);
            second = Vector512.FusedMultiplyAdd(value, rows[(2 * d) + 1], second);
        }
        var best = Vector512.Create(_best);
        var candidates = Vector512.GreaterThanOrEqual(first, best).ExtractMostSignificantBits()
            | (Vector512.GreaterThanOrEqual(second, best).ExtractMostSignificantBits() << Fan);
        candidates &= (1UL << _counts[leaf]) - 1;
        for (; candidates != 0; candidates &= candidates - 1)
        {
            var lane = BitOperations.TrailingZeroCount(candidates);
            var product = lane < Fan ? first[lane] : second[lane - Fan];
            var index = _indices[(leaf * LeafSize) + lane];
            if (product > _best || (product == _best && index < _bestIndex))
            {
                (_best, _bestIndex) = (product, index);
                _limit = Limit(product);
            }
        }
    }

    /// <summary>
    /// The squared distance beyond which no vector can have this inner product: for unit vectors |a - b|^2 = 2 - 2 a.b. The margin
    /// covers the rounding of the units, the product and the distances to boxes, (6 n + 12) 2^-24 at most, so no winner is cut off.
    /// </summary>
    private float Limit(float product) => 2 - (2 * product) + _margin;

    private void Place(int index, int leaf, int slot)
    {
        for (var d = 0; d < _dimensions; d++)
            _points[(((leaf * _dimensions) + d) * LeafSize) + slot] = _units[(index * _dimensions) + d];
        _place[index] = (leaf * LeafSize) + slot;
        _indices[_place[index]] = index;
    }

    private ReadOnlySpan<float> Query => _units.AsSpan(_query * _dimensions, _dimensions);

    private (float Lower, float Upper) Extent(int leaf, int dimension) =>
        KernelBoxes.Extent(_points.AsSpan(((leaf * _dimensions) + dimension) * LeafSize, _counts[leaf]));
}
