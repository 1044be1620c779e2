namespace Nern.Paths;

/// <summary>Scales vectors to length 1, so that cosines are inner products.</summary>
internal static class UnitVectors
{
    /// <summary>
    /// A scaled copy of [n, dimensions]. Lengths are taken in double precision, so each result is within rounding of a unit
    /// vector however small the weights; zero vectors stay zero, which puts them at cosine 0 from everything.
    /// </summary>
    public static float[] From(ReadOnlySpan<float> vectors, int dimensions)
    {
        var units = new float[vectors.Length];
        for (var start = 0; start < vectors.Length; start += dimensions)
        {
            var vector = vectors.Slice(start, dimensions);
            var squares = 0.0;
            foreach (var value in vector)
                squares += (double)value * value;
            if (squares == 0)
                continue;
            var length = Math.Sqrt(squares);
            for (var i = 0; i < dimensions; i++)
                units[start + i] = (float)(vector[i] / length);
        }
        return units;
    }
}

/// <summary>What makes two vectors near.</summary>
internal enum PathMetric
{
    /// <summary>A large inner product; the vectors are scaled to length 1 beforehand.</summary>
    Cosine,
    /// <summary>A small squared distance.</summary>
    Euclidean,
}
