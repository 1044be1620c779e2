using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>result = first + second, element by element in storage order; the result may be one of the operands.</summary>
internal sealed class SumPass<T, TElement>(string kind, Memory first, Memory second, Memory result) : ParallelStep(kind, result.Descriptor)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var blocks = (result.AsSpan<T>().Length + 31) / 32;
        var (firstBlock, endBlock) = ParallelRegion.Share(blocks, part, parts);
        ref var a = ref MemoryMarshal.GetReference(first.AsSpan<T>());
        ref var b = ref MemoryMarshal.GetReference(second.AsSpan<T>());
        ref var r = ref MemoryMarshal.GetReference(result.AsSpan<T>());
        var end = (nuint)Math.Min(endBlock * 32, result.AsSpan<T>().Length);
        var i = (nuint)firstBlock * 32;
        for (; i + 32 <= end; i += 32)
        {
            var (a0, a1) = TElement.Load(ref a, i);
            var (b0, b1) = TElement.Load(ref b, i);
            TElement.Store(a0 + b0, a1 + b1, ref r, i);
        }
        for (; i < end; i++)
            Unsafe.Add(ref r, i) = TElement.FromSingle(TElement.ToSingle(Unsafe.Add(ref a, i)) + TElement.ToSingle(Unsafe.Add(ref b, i)));
    }
}
