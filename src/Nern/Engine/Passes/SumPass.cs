using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>result = first + second, element by element in storage order; the result may be one of the operands.</summary>
internal sealed class SumPass<T, TElement>(string kind, Memory first, Memory second, Memory result) : ParallelStep(kind)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var blocks = (result.AsSpan<T>().Length + 15) / 16;
        var (firstBlock, endBlock) = ParallelRegion.Share(blocks, part, parts);
        ref var a = ref MemoryMarshal.GetReference(first.AsSpan<T>());
        ref var b = ref MemoryMarshal.GetReference(second.AsSpan<T>());
        ref var r = ref MemoryMarshal.GetReference(result.AsSpan<T>());
        var end = (nuint)Math.Min(endBlock * 16, result.AsSpan<T>().Length);
        var i = (nuint)firstBlock * 16;
        for (; i + 16 <= end; i += 16)
            TElement.Store(TElement.Load(ref a, i) + TElement.Load(ref b, i), ref r, i);
        for (; i < end; i++)
            Unsafe.Add(ref r, i) = TElement.FromSingle(TElement.ToSingle(Unsafe.Add(ref a, i)) + TElement.ToSingle(Unsafe.Add(ref b, i)));
    }
}
