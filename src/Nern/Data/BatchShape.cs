namespace Nern.Data;

/// <summary>The one check every writer of batches makes of the memory it is handed.</summary>
internal static class BatchShape
{
    /// <exception cref="ArgumentException">The batch is not count x imageLength values long.</exception>
    public static void Check<T>(ReadOnlySpan<T> batch, int count, int imageLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (batch.Length != (long)count * imageLength)
            throw new ArgumentException($"A batch of {count} images takes {(long)count * imageLength} values; got {batch.Length}.",
                nameof(batch));
    }
}
