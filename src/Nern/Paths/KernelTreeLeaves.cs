namespace Nern.Paths;

/// <summary>Cuts a set of vectors into leaves: always in half, across the dimension in which they are spread the most.</summary>
internal static class KernelTreeLeaves
{
    /// <summary>Reorders <paramref name="indices"/> leaf by leaf, neighbours side by side.</summary>
    /// <param name="units">[n, dimensions].</param>
    /// <param name="dimensions">Values of one vector.</param>
    /// <param name="indices">The vectors to cut up; reordered.</param>
    /// <param name="leafSize">What a leaf may hold.</param>
    /// <returns>Where each leaf starts among the indices, and at last their count.</returns>
    public static int[] Split(float[] units, int dimensions, int[] indices, int leafSize)
    {
        var starts = new List<int>();
        var keys = new float[indices.Length];
        Cut(0, indices.Length, Depth(indices.Length, leafSize));
        return [.. starts, indices.Length];

        void Cut(int start, int end, int depth)
        {
            if (depth == 0)
            {
                starts.Add(start);
                return;
            }
            var dimension = Widest(units, dimensions, indices.AsSpan(start, end - start));
            for (var i = start; i < end; i++)
                keys[i] = units[(indices[i] * dimensions) + dimension];
            var middle = start + ((end - start) / 2);
            Select(keys.AsSpan(start, end - start), indices.AsSpan(start, end - start), middle - start);
            Cut(start, middle, depth - 1);
            Cut(middle, end, depth - 1);
        }
    }

    /// <summary>All leaves are at one depth, so that sixteen leaves side by side always are one part of the whole.</summary>
    private static int Depth(int count, int leafSize)
    {
        var depth = 0;
        for (var largest = count; largest > leafSize; largest = (largest + 1) / 2)
            depth++;
        return depth;
    }

    private static int Widest(float[] units, int dimensions, ReadOnlySpan<int> indices)
    {
        var widest = 0;
        var variance = -1.0;
        for (var d = 0; d < dimensions; d++)
        {
            var (sum, squares) = (0.0, 0.0);
            foreach (var index in indices)
            {
                var value = (double)units[(index * dimensions) + d];
                sum += value;
                squares += value * value;
            }
            var here = squares - (sum * sum / indices.Length);
            if (here > variance)
                (variance, widest) = (here, d);
        }
        return widest;
    }

    /// <summary>Hoare's quickselect: afterwards keys below <paramref name="middle"/> are no larger than those from there on.</summary>
    private static void Select(Span<float> keys, Span<int> indices, int middle)
    {
        var (low, high) = (0, keys.Length - 1);
        while (low < high)
        {
            var pivot = keys[low + ((high - low) / 2)];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (keys[i] < pivot)
                    i++;
                while (keys[j] > pivot)
                    j--;
                if (i > j)
                    break;
                (keys[i], keys[j]) = (keys[j], keys[i]);
                (indices[i], indices[j]) = (indices[j], indices[i]);
                i++;
                j--;
            }
            if (middle <= j)
                high = j;
            else if (middle >= i)
                low = i;
            else
                return;
        }
    }
}
