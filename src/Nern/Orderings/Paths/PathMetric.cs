namespace Nern.Orderings.Paths;

/// <summary>What makes two vectors near.</summary>
internal enum PathMetric
{
    /// <summary>A large inner product; the vectors are scaled to length 1 beforehand.</summary>
    Cosine,
    /// <summary>A small squared distance.</summary>
    Euclidean,
}
