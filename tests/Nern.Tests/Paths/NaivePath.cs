namespace Nern.Tests.Paths;

/// <summary>
/// The greedy path exactly as it is defined, one candidate and one number at a time: what the fast searches are held against.
/// </summary>
internal static class NaivePath
{
    public static int[] ByCosine(ReadOnlySpan<float> vectors, int dimensions) => Find(Units(vectors, dimensions), dimensions, (a, b) =>
    {
        var product = 0f;
        for (var d = 0; d < a.Length; d++)
            product = MathF.FusedMultiplyAdd(a[d], b[d], product);
        return -product;
    });

    public static int[] ByDistance(ReadOnlySpan<float> vectors, int dimensions) => Find(vectors.ToArray(), dimensions, (a, b) =>
    {
        if (dimensions == 1)
            return Math.Abs((double)a[0] - b[0]);
        var distance = 0f;
        for (var d = 0; d < a.Length; d++)
            distance = MathF.FusedMultiplyAdd(a[d] - b[d], a[d] - b[d], distance);
        return distance;
    });

    private static int[] Find(float[] vectors, int dimensions, Func<float[], float[], double> distance)
    {
        var rows = vectors.Chunk(dimensions).ToArray();
        var left = Enumerable.Range(1, rows.Length - 1).ToList();
        var path = new List<int> { 0 };
        while (left.Count > 0)
        {
            var from = rows[path[^1]];
            var next = left.MinBy(index => distance(from, rows[index])); // the first of equals, and the list ascends
            path.Add(next);
            left.Remove(next);
        }
        return [.. path];
    }

    private static float[] Units(ReadOnlySpan<float> vectors, int dimensions)
    {
        var units = vectors.ToArray();
        for (var start = 0; start < units.Length; start += dimensions)
        {
            var squares = 0.0;
            for (var d = 0; d < dimensions; d++)
                squares += (double)units[start + d] * units[start + d];
            for (var d = 0; d < dimensions && squares > 0; d++)
                units[start + d] = (float)(units[start + d] / Math.Sqrt(squares));
        }
        return units;
    }
}
