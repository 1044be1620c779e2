using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Prediction;

/// <summary>
/// activation = f(value) + skipped, element by element in storage order; value and activation may be one memory, and what is
/// skipped may be nothing.
/// </summary>
internal sealed class ActivationPass<TFunction, T, TElement>(Memory value, Memory? skipped, Memory activation)
    : ParallelStep("predictor activation")
    where TFunction : struct, IActivationFunction
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var length = activation.AsSpan<T>().Length;
        var (firstBlock, endBlock) = ParallelRegion.Share((length + 31) / 32, part, parts);
        ref var z = ref MemoryMarshal.GetReference(value.AsSpan<T>());
        ref var h = ref MemoryMarshal.GetReference(activation.AsSpan<T>());
        ref var s = ref skipped is null ? ref Unsafe.NullRef<T>() : ref MemoryMarshal.GetReference(skipped.AsSpan<T>());
        var skips = skipped is not null;
        var end = (nuint)Math.Min(endBlock * 32, length);
        var i = (nuint)firstBlock * 32;
        for (; i + 32 <= end; i += 32)
        {
            var (z0, z1) = TElement.Load(ref z, i);
            var (h0, h1) = (TFunction.Value(z0), TFunction.Value(z1));
            if (skips)
            {
                var (s0, s1) = TElement.Load(ref s, i);
                (h0, h1) = (h0 + s0, h1 + s1);
            }
            TElement.Store(h0, h1, ref h, i);
        }
        for (; i < end; i++)
        {
            var one = TFunction.Value(Vector512.Create(TElement.ToSingle(Unsafe.Add(ref z, i)))).ToScalar();
            Unsafe.Add(ref h, i) = TElement.FromSingle(skips ? one + TElement.ToSingle(Unsafe.Add(ref s, i)) : one);
        }
    }
}
