using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Nern.Forward;

/// <summary>
/// So many float32 values side by side as a processor works on at once. What each operation does to a lane is what IEEE 754 says, so no
/// result depends on how many there are.
/// </summary>
internal interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>How many.</summary>
    static abstract int Count { get; }

    /// <summary>The values from a place on.</summary>
    static abstract T Load(ref float start, nuint offset);

    /// <summary>One value in all lanes.</summary>
    static abstract T All(float value);

    /// <summary>a b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T operator +(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    /// <summary>Where a is larger than b <paramref name="larger"/>, elsewhere, and where one of them is no number, <paramref name="other"/>.</summary>
    static abstract T Choose(T a, T b, T larger, T other);

    /// <summary>2^n, from 2^-126 to 2^127, for values of 1.5 2^23 + n.</summary>
    static abstract T PowerOfTwo(T shifted);

    /// <summary>Writes the values to a place.</summary>
    void Store(ref float start, nuint offset);
}

/// <summary>Sixteen: AVX-512.</summary>
internal readonly struct SixteenLanes(Vector512<float> value) : ILanes<SixteenLanes>
{
    private readonly Vector512<float> _value = value;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Load(ref float start, nuint offset) => new(Vector512.LoadUnsafe(ref start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes MultiplyAdd(SixteenLanes a, SixteenLanes b, SixteenLanes c) =>
        new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes operator +(SixteenLanes a, SixteenLanes b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes operator *(SixteenLanes a, SixteenLanes b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes operator /(SixteenLanes a, SixteenLanes b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Choose(SixteenLanes a, SixteenLanes b, SixteenLanes larger, SixteenLanes other) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._value, b._value), larger._value, other._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes PowerOfTwo(SixteenLanes shifted) =>
        new((Vector512.ShiftLeft(shifted._value.AsInt32(), 23) + Vector512<float>.One.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float start, nuint offset) => _value.StoreUnsafe(ref start, offset);
}

/// <summary>Eight: AVX2 with fused steps.</summary>
internal readonly struct EightLanes(Vector256<float> value) : ILanes<EightLanes>
{
    private readonly Vector256<float> _value = value;

    public static bool IsSupported => Vector256.IsHardwareAccelerated && Fma.IsSupported;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Load(ref float start, nuint offset) => new(Vector256.LoadUnsafe(ref start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes MultiplyAdd(EightLanes a, EightLanes b, EightLanes c) => new(Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator +(EightLanes a, EightLanes b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator *(EightLanes a, EightLanes b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator /(EightLanes a, EightLanes b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Choose(EightLanes a, EightLanes b, EightLanes larger, EightLanes other) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(a._value, b._value), larger._value, other._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes PowerOfTwo(EightLanes shifted) =>
        new((Vector256.ShiftLeft(shifted._value.AsInt32(), 23) + Vector256<float>.One.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float start, nuint offset) => _value.StoreUnsafe(ref start, offset);
}

/// <summary>Four, on any processor: Arm's vectors, or what the framework makes of them.</summary>
internal readonly struct FourLanes(Vector128<float> value) : ILanes<FourLanes>
{
    private readonly Vector128<float> _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Load(ref float start, nuint offset) => new(Vector128.LoadUnsafe(ref start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes All(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes MultiplyAdd(FourLanes a, FourLanes b, FourLanes c)
    {
        if (AdvSimd.IsSupported)
            return new(AdvSimd.FusedMultiplyAdd(c._value, a._value, b._value));
        if (Fma.IsSupported)
            return new(Fma.MultiplyAdd(a._value, b._value, c._value));
        return new(Vector128.Create(One(0), One(1), One(2), One(3)));

        float One(int lane) => MathF.FusedMultiplyAdd(a._value[lane], b._value[lane], c._value[lane]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator +(FourLanes a, FourLanes b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator *(FourLanes a, FourLanes b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator /(FourLanes a, FourLanes b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Choose(FourLanes a, FourLanes b, FourLanes larger, FourLanes other) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThan(a._value, b._value), larger._value, other._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes PowerOfTwo(FourLanes shifted) =>
        new((Vector128.ShiftLeft(shifted._value.AsInt32(), 23) + Vector128<float>.One.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float start, nuint offset) => _value.StoreUnsafe(ref start, offset);
}
