using Nern.Tensors;

namespace Nern.Checkpoints.Safetensors;

/// <summary>The names that safetensors gives to element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ElementType Type)[] Pairs =
    [
        ("F64", ElementType.Float64), ("F32", ElementType.Float32), ("F16", ElementType.Float16), ("BF16", ElementType.BFloat16),
        ("I64", ElementType.Int64), ("I32", ElementType.Int32), ("I16", ElementType.Int16), ("I8", ElementType.Int8),
        ("U8", ElementType.UInt8), ("BOOL", ElementType.Boolean),
    ];

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", Pairs.Select(pair => pair.Name));

    /// <summary>The type called <paramref name="name"/>, or null.</summary>
    public static ElementType? Find(string? name)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Name == name)
                return pair.Type;
        }
        return null;
    }

    /// <summary>The name of <paramref name="type"/>.</summary>
    public static string NameOf(ElementType type) => Pairs.First(pair => pair.Type == type).Name;
}
