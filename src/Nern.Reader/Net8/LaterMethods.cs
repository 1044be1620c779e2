#if !NET9_0_OR_GREATER
namespace Nern;

/// <summary>What later frameworks have by these names.</summary>
internal static class LaterMethods
{
    extension(Convert)
    {
        public static string ToHexStringLower(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
    }

    internal static IEnumerable<(int Index, T Item)> Index<T>(this IEnumerable<T> source) => source.Select((item, index) => (index, item));

    internal static IEnumerable<KeyValuePair<TKey, int>> CountBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keyOf)
        where TKey : notnull => source.GroupBy(keyOf).Select(group => KeyValuePair.Create(group.Key, group.Count()));
}
#endif
