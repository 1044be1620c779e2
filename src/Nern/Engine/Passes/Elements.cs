using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nern.Engine.Passes;

/// <summary>How stored elements become float32 lanes and back.</summary>
/// <typeparam name="T">The stored type.</typeparam>
internal interface IElement<T> where T : unmanaged
{
    /// <summary>32 elements from <paramref name="offset"/> on, in an order of the type's own.</summary>
    static abstract (Vector512<float> First, Vector512<float> Second) Load(ref T source, nuint offset);

    /// <summary>Sixteen elements from <paramref name="offset"/> on, in their own order.</summary>
    static abstract Vector512<float> LoadOrdered(ref T source, nuint offset);

    /// <summary>Stores 32 elements from <paramref name="offset"/> on, in the order they are loaded in.</summary>
    static abstract void Store(Vector512<float> first, Vector512<float> second, ref T destination, nuint offset);

    /// <summary>Stores sixteen elements from <paramref name="offset"/> on, in their own order.</summary>
    static abstract void Store(Vector512<float> values, ref T destination, nuint offset);

    /// <summary>max(0, x) of 32 elements.</summary>
    static abstract void Rectify(ref T source, ref T destination, nuint offset);

    /// <summary>min(max(0, x), ceiling) of 32 elements.</summary>
    static abstract void Rectify(ref T source, ref T destination, nuint offset, Vector512<float> ceiling);

    /// <summary>One element.</summary>
    static abstract float ToSingle(T value);

    /// <summary>One element, rounded to nearest even.</summary>
    static abstract T FromSingle(float value);
}

/// <summary>float32 as it is.</summary>
internal readonly struct Float32Element : IElement<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Load(ref float source, nuint offset) =>
        (Vector512.LoadUnsafe(ref source, offset), Vector512.LoadUnsafe(ref source, offset + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadOrdered(ref float source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> first, Vector512<float> second, ref float destination, nuint offset)
    {
        first.StoreUnsafe(ref destination, offset);
        second.StoreUnsafe(ref destination, offset + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ref float destination, nuint offset) => values.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rectify(ref float source, ref float destination, nuint offset)
    {
        var (first, second) = Load(ref source, offset);
        Store(Vector512.Max(first, Vector512<float>.Zero), Vector512.Max(second, Vector512<float>.Zero), ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rectify(ref float source, ref float destination, nuint offset, Vector512<float> ceiling)
    {
        var (first, second) = Load(ref source, offset);
        Store(
            Vector512.Min(Vector512.Max(first, Vector512<float>.Zero), ceiling),
            Vector512.Min(Vector512.Max(second, Vector512<float>.Zero), ceiling), ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromSingle(float value) => value;
}

/// <summary>bfloat16 in the bits of a ushort.</summary>
internal readonly struct BFloat16Element : IElement<ushort>
{
    // Elements with even indices, then those with odd ones: they are halves of the same 32 bits, so none has to move.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Load(ref ushort source, nuint offset)
    {
        var bits = Vector512.LoadUnsafe(ref source, offset).AsUInt32();
        return ((bits << 16).AsSingle(), (bits & UpperHalves).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadOrdered(ref ushort source, nuint offset)
    {
        var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, offset));
        return (Vector512.Create(lower, upper) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> first, Vector512<float> second, ref ushort destination, nuint offset)
    {
        var even = Rounded(first) >> 16;
        var odd = Rounded(second) & UpperHalves;
        (even | odd).AsUInt16().StoreUnsafe(ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ref ushort destination, nuint offset)
    {
        var bits = Rounded(values) >> 16;
        var narrow = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(bits)
            : Vector256.Narrow(bits.GetLower(), bits.GetUpper());
        narrow.StoreUnsafe(ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rectify(ref ushort source, ref ushort destination, nuint offset)
    {
        // A negative number is a negative integer.
        var bits = Vector512.LoadUnsafe(ref source, offset).AsInt16();
        Vector512.Max(bits, Vector512<short>.Zero).AsUInt16().StoreUnsafe(ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rectify(ref ushort source, ref ushort destination, nuint offset, Vector512<float> ceiling)
    {
        // Among numbers that are not negative the integers order as they do.
        var bits = Vector512.LoadUnsafe(ref source, offset).AsInt16();
        var most = (ceiling.AsUInt32() >> 16 | (ceiling.AsUInt32() & UpperHalves)).AsInt16();
        Vector512.Min(Vector512.Max(bits, Vector512<short>.Zero), most).AsUInt16().StoreUnsafe(ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static Vector512<uint> UpperHalves
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0xFFFF0000u);
    }

    /// <summary>Rounded to nearest even: the upper halves are the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        return bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One);
    }
}

/// <summary>Whether a ReLU has a ceiling, said by a type: the loops of one that has none are compiled without it.</summary>
internal interface ICeiling
{
    /// <summary>Whether there is one.</summary>
    static abstract bool Exists { get; }
}

/// <summary>max(0, x).</summary>
internal readonly struct NoCeiling : ICeiling
{
    public static bool Exists => false;
}

/// <summary>min(max(0, x), ceiling).</summary>
internal readonly struct WithCeiling : ICeiling
{
    public static bool Exists => true;
}
