using System.Runtime.InteropServices;

namespace Nern.Paths;

/// <summary>
/// What a path has not visited yet. Equal vectors form a chain of ascending indices of which only the first is a candidate, so that
/// layers with many equal kernels (quantised, pruned) cost no more; zero vectors form a chain of their own.
/// </summary>
internal sealed class PathCandidates
{
    private readonly bool[] _visited;
    private readonly bool[] _zero;
    private readonly int[] _nextEqual;
    private readonly List<int> _firsts = [];
    private int _lowest;
    private int _lowestZero = -1;

    /// <summary>All of <paramref name="units"/>, [n, dimensions].</summary>
    public PathCandidates(float[] units, int dimensions)
    {
        var count = units.Length / dimensions;
        _visited = new bool[count];
        _zero = new bool[count];
        _nextEqual = new int[count];
        Array.Fill(_nextEqual, -1);
        var lastEqual = new Dictionary<int, int>(count, new VectorComparer(units, dimensions));
        for (var i = 0; i < count; i++)
        {
            _zero[i] = !units.AsSpan(i * dimensions, dimensions).ContainsAnyExcept(0f);
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(lastEqual, i, out var exists);
            if (exists)
                _nextEqual[last] = i;
            else if (_zero[i])
                _lowestZero = i;
            else
                _firsts.Add(i);
            last = i;
        }
    }

    /// <summary>Whether this is a zero vector.</summary>
    public bool IsZero(int index) => _zero[index];

    /// <summary>Marks as visited; returns the next vector equal to it, or -1.</summary>
    public int Visit(int index)
    {
        _visited[index] = true;
        if (_lowestZero == index)
            _lowestZero = _nextEqual[index];
        return _nextEqual[index];
    }

    /// <summary>The lowest zero vector left, or -1.</summary>
    public int LowestZero() => _lowestZero;

    /// <summary>The lowest vector left.</summary>
    public int Lowest()
    {
        while (_visited[_lowest])
            _lowest++;
        return _lowest;
    }

    /// <summary>The first vector left of each chain, without zero vectors.</summary>
    public int[] Distinct()
    {
        var left = 0;
        for (var i = 0; i < _firsts.Count; i++)
        {
            var index = _firsts[i];
            while (index >= 0 && _visited[index])
                index = _nextEqual[index];
            if (index >= 0)
                _firsts[left++] = index;
        }
        _firsts.RemoveRange(left, _firsts.Count - left);
        return [.. _firsts];
    }

    private sealed class VectorComparer(float[] units, int dimensions) : IEqualityComparer<int>
    {
        public bool Equals(int a, int b) => Vector(a).SequenceEqual(Vector(b));

        public int GetHashCode(int index)
        {
            var hash = default(HashCode);
            foreach (var value in Vector(index))
                hash.Add(value);
            return hash.ToHashCode();
        }

        private ReadOnlySpan<float> Vector(int index) => units.AsSpan(index * dimensions, dimensions);
    }
}
