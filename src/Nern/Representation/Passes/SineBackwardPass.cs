using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Representation.Passes;

/// <summary>
/// The backward of a sine, which the library does not have, float32: result = gradient cos(value), which may take the gradient's place.
/// </summary>
internal sealed class SineBackwardPass(Memory value, Memory gradient, Memory result) : ParallelStep("predictor activation backward")
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var length = gradient.AsSpan<float>().Length;
        var (firstBlock, endBlock) = ParallelRegion.Share((length + 15) / 16, part, parts);
        ref var z = ref MemoryMarshal.GetReference(value.AsSpan<float>());
        ref var g = ref MemoryMarshal.GetReference(gradient.AsSpan<float>());
        ref var r = ref MemoryMarshal.GetReference(result.AsSpan<float>());
        var end = (nuint)Math.Min(endBlock * 16, length);
        var i = (nuint)firstBlock * 16;
        for (; i + 16 <= end; i += 16)
            (Vector512.LoadUnsafe(ref g, i) * Vector512.Cos(Vector512.LoadUnsafe(ref z, i))).StoreUnsafe(ref r, i);
        for (; i < end; i++)
            Unsafe.Add(ref r, i) = Unsafe.Add(ref g, i) * Vector512.Cos(Vector512.Create(Unsafe.Add(ref z, i))).ToScalar();
    }
}
