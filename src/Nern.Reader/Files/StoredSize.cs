using Nern.Tensors;

namespace Nern.Files;

/// <summary>Sizes of tensors as files declare them: nothing is trusted yet.</summary>
internal static class StoredSize
{
    /// <summary>More dimensions than any network uses; keeps a hostile header from growing shapes.</summary>
    public const int MaximumRank = 16;

    /// <summary>The bytes a tensor takes; <see cref="long.MaxValue"/> if that many or more.</summary>
    public static long Of(ElementType type, IEnumerable<int> shape)
    {
        Int128 bytes = Tensor.SizeOf(type);
        foreach (var dimension in shape)
        {
            bytes *= dimension;
            if (bytes >= long.MaxValue)
                return long.MaxValue;
        }
        return (long)bytes;
    }
}
