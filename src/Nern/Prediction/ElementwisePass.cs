using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Prediction;

/// <summary>A function of two values, sixteen at a time.</summary>
internal interface IElementwiseFunction
{
    static abstract Vector512<float> Of(Vector512<float> value, Vector512<float> other);
}

/// <summary>f(value).</summary>
internal readonly struct Activated<TFunction> : IElementwiseFunction where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> value, Vector512<float> other) => TFunction.Value(value);
}

/// <summary>f(value) + other.</summary>
internal readonly struct ActivatedAndAdded<TFunction> : IElementwiseFunction where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> value, Vector512<float> other) => TFunction.Value(value) + other;
}

/// <summary>The backward of a sine, which the library does not have: cos(value) times the gradient.</summary>
internal readonly struct SineGradient : IElementwiseFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> value, Vector512<float> other) => other * Vector512.Cos(value);
}

/// <summary>result = f(value, other), element by element in storage order; the result may take the place of either.</summary>
internal sealed class ElementwisePass<TFunction, T, TElement>(string name, Memory value, Memory other, Memory result) : Step(name)
    where TFunction : struct, IElementwiseFunction
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Work()
    {
        ref var x = ref MemoryMarshal.GetReference(value.AsSpan<T>());
        ref var y = ref MemoryMarshal.GetReference(other.AsSpan<T>());
        ref var z = ref MemoryMarshal.GetReference(result.AsSpan<T>());
        var end = (nuint)result.AsSpan<T>().Length;
        nuint i = 0;
        for (; i + 32 <= end; i += 32)
        {
            var (x0, x1) = TElement.Load(ref x, i);
            var (y0, y1) = TElement.Load(ref y, i);
            TElement.Store(TFunction.Of(x0, y0), TFunction.Of(x1, y1), ref z, i);
        }
        for (; i < end; i++)
            Unsafe.Add(ref z, i) = TElement.FromSingle(TFunction.Of(
                Vector512.Create(TElement.ToSingle(Unsafe.Add(ref x, i))), Vector512.Create(TElement.ToSingle(Unsafe.Add(ref y, i))))
                    .ToScalar());
    }
}
