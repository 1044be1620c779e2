using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nern.Engine.Passes;

/// <summary>How sixteen stored elements become float32 lanes and back.</summary>
/// <typeparam name="T">The stored type.</typeparam>
internal interface IElement<T> where T : unmanaged
{
    /// <summary>Sixteen elements from <paramref name="offset"/> on.</summary>
    static abstract Vector512<float> Load(ref T source, nuint offset);

    /// <summary>Stores sixteen elements from <paramref name="offset"/> on.</summary>
    static abstract void Store(Vector512<float> values, ref T destination, nuint offset);

    /// <summary>One element.</summary>
    static abstract float ToSingle(T value);

    /// <summary>One element, rounded to nearest even.</summary>
    static abstract T FromSingle(float value);
}

/// <summary>float32 as it is.</summary>
internal readonly struct Float32Element : IElement<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ref float destination, nuint offset) => values.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromSingle(float value) => value;
}

/// <summary>bfloat16 in the bits of a ushort.</summary>
internal readonly struct BFloat16Element : IElement<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref ushort source, nuint offset)
    {
        var bits = Vector256.LoadUnsafe(ref source, offset);
        Vector512<uint> wide;
        if (Avx512F.IsSupported)
        {
            wide = Avx512F.ConvertToVector512UInt32(bits);
        }
        else
        {
            var (lower, upper) = Vector256.Widen(bits);
            wide = Vector512.Create(lower, upper);
        }
        return (wide << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ref ushort destination, nuint offset)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        var narrow = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(rounded)
            : Vector256.Narrow(rounded.GetLower(), rounded.GetUpper());
        narrow.StoreUnsafe(ref destination, offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
