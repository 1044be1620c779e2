using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Representation.Passes;

/// <summary>activation = f(value), element by element in storage order; the two may be one memory.</summary>
internal sealed class ActivationPass<TFunction, T, TElement>(Memory value, Memory activation) : ParallelStep("predictor activation")
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
        var end = (nuint)Math.Min(endBlock * 32, length);
        var i = (nuint)firstBlock * 32;
        for (; i + 32 <= end; i += 32)
        {
            var (z0, z1) = TElement.Load(ref z, i);
            TElement.Store(TFunction.Value(z0), TFunction.Value(z1), ref h, i);
        }
        for (; i < end; i++)
            Unsafe.Add(ref h, i) = TElement.FromSingle(TFunction.Value(Vector512.Create(TElement.ToSingle(Unsafe.Add(ref z, i)))).ToScalar());
    }
}
