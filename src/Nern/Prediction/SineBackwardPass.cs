using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Prediction;

/// <summary>
/// The backward of a sine, which the library does not have, element by element: result = gradient cos(value), which may take the gradient's place.
/// </summary>
internal sealed class SineBackwardPass<T, TElement>(Memory value, Memory gradient, Memory result)
    : ParallelStep("predictor activation backward")
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var length = gradient.AsSpan<T>().Length;
        var (firstBlock, endBlock) = ParallelRegion.Share((length + 15) / 16, part, parts);
        ref var z = ref MemoryMarshal.GetReference(value.AsSpan<T>());
        ref var g = ref MemoryMarshal.GetReference(gradient.AsSpan<T>());
        ref var r = ref MemoryMarshal.GetReference(result.AsSpan<T>());
        var end = (nuint)Math.Min(endBlock * 16, length);
        var i = (nuint)firstBlock * 16;
        for (; i + 16 <= end; i += 16)
            TElement.Store(TElement.LoadOrdered(ref g, i) * Vector512.Cos(TElement.LoadOrdered(ref z, i)), ref r, i);
        for (; i < end; i++)
            Unsafe.Add(ref r, i) = TElement.FromSingle(
                TElement.ToSingle(Unsafe.Add(ref g, i)) * Vector512.Cos(Vector512.Create(TElement.ToSingle(Unsafe.Add(ref z, i)))).ToScalar());
    }
}
