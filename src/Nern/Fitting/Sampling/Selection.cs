namespace Nern.Fitting.Sampling;

/// <summary>Finds the value of a given rank without sorting everything (Hoare, <i>Algorithm 65: find</i>, 1961).</summary>
internal static class Selection
{
    /// <summary>
    /// The value that <paramref name="rank"/> others precede in ascending order; reorders <paramref name="values"/>, which hold no NaN.
    /// </summary>
    public static float Select(Span<float> values, int rank)
    {
        while (values.Length > 1)
        {
            var pivot = Median(values[0], values[values.Length / 2], values[^1]);
            var (left, right) = (0, values.Length - 1);
            while (left <= right)
            {
                while (values[left] < pivot)
                    left++;
                while (values[right] > pivot)
                    right--;
                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    left++;
                    right--;
                }
            }

            // Now values[..(right + 1)] <= pivot <= values[left..], and what lies between equals it.
            if (rank > right && rank < left)
                return pivot;
            values = rank <= right ? values[..(right + 1)] : values[left..];
            rank = rank <= right ? rank : rank - left;
        }

        return values[0];
    }

    private static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
