namespace Nern.Paths;

/// <summary>
/// The greedy path through numbers, for 1 x 1 kernels: the nearest number left is a neighbour in sorted order, so a linked list
/// of the distinct values that shrinks as they are used up finds it at once.
/// </summary>
internal static class LinePath
{
    /// <summary>
    /// The order of the path: from index 0 always to the number left with the least |difference| in double precision, the lower index
    /// first.
    /// </summary>
    public static int[] Find(ReadOnlySpan<float> numbers)
    {
        var values = numbers.ToArray();
        int[] sorted = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(sorted, (a, b) => values[a] != values[b] ? values[a].CompareTo(values[b]) : a.CompareTo(b));

        // A node is one distinct value: its indices, ascending, stand in sorted[head[node]] .. sorted[end[node] - 1].
        var head = new List<int>();
        var nodeOf = new int[values.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || values[sorted[i]] != values[sorted[i - 1]])
                head.Add(i);
            nodeOf[sorted[i]] = head.Count - 1;
        }
        int[] end = [.. head.Skip(1), sorted.Length];
        int[] left = [.. Enumerable.Range(-1, head.Count)];
        int[] right = [.. Enumerable.Range(1, head.Count)];

        var path = new int[values.Length];
        for (var step = 0; step < path.Length; step++)
        {
            var node = step == 0 ? nodeOf[0] : Nearest(nodeOf[path[step - 1]]);
            path[step] = sorted[head[node]++];
            if (step > 0)
                Unlink(nodeOf[path[step - 1]]);
        }
        return path;

        int Nearest(int from)
        {
            if (head[from] < end[from])
                return from;
            var value = values[sorted[end[from] - 1]];
            var least = Math.Min(Distance(left[from]), Distance(right[from]));
            // Rounding can put different values at the same distance; then the lowest index decides.
            var best = -1;
            for (var node = left[from]; Distance(node) == least; node = left[node])
                best = Lower(best, node);
            for (var node = right[from]; Distance(node) == least; node = right[node])
                best = Lower(best, node);
            return best;

            double Distance(int node) =>
                node < 0 || node == end.Length ? double.PositiveInfinity : Math.Abs((double)value - values[sorted[head[node]]]);

            int Lower(int a, int b) => a < 0 || sorted[head[b]] < sorted[head[a]] ? b : a;
        }

        void Unlink(int node)
        {
            if (head[node] < end[node])
                return;
            if (left[node] >= 0)
                right[left[node]] = right[node];
            if (right[node] < end.Length)
                left[right[node]] = left[node];
        }
    }
}
