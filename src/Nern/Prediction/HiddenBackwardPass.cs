using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Prediction;

/// <summary>
/// Through a ReLU of the predictor, in place, and the bias gradient on the way:
/// gradient = gradient where hidden > 0, bias = the sum of its rows.
/// </summary>
internal sealed class HiddenBackwardPass<T, TElement>(Memory? hidden, Memory gradient, Memory biasGradient, int width, KernelRows rows)
    : Step("predictor bias and relu backward")
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Work()
    {
        var sums = biasGradient.AsSpan<float>();
        sums.Clear();
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var g = ref MemoryMarshal.GetReference(gradient.AsSpan<T>());
        ref var h = ref hidden is null ? ref g : ref MemoryMarshal.GetReference(hidden.AsSpan<T>());
        for (var row = 0; row < rows.Count; row++)
        {
            var offset = row * width;
            if (hidden is null)
                RowSum.Add<T, TElement>(ref Unsafe.Add(ref g, offset), ref sum, width);
            else
                MaskAndAddRow(ref Unsafe.Add(ref h, offset), ref Unsafe.Add(ref g, offset), ref sum, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MaskAndAddRow(ref T h, ref T g, ref float sum, int count)
    {
        nuint i = 0;
        for (; i + 16 <= (nuint)count; i += 16)
        {
            var masked = TElement.LoadOrdered(ref g, i) & Vector512.GreaterThan(TElement.LoadOrdered(ref h, i), Vector512<float>.Zero);
            TElement.Store(masked, ref g, i);
            (Vector512.LoadUnsafe(ref sum, i) + masked).StoreUnsafe(ref sum, i);
        }
        for (; i < (nuint)count; i++)
        {
            if (!(TElement.ToSingle(Unsafe.Add(ref h, i)) > 0))
                Unsafe.Add(ref g, i) = default;
            Unsafe.Add(ref sum, i) += TElement.ToSingle(Unsafe.Add(ref g, i));
        }
    }
}

/// <summary>Sums of rows, column by column.</summary>
internal static class RowSum
{
    /// <summary>sum += row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add<T, TElement>(ref T row, ref float sum, int count)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        nuint i = 0;
        for (; i + 16 <= (nuint)count; i += 16)
            (Vector512.LoadUnsafe(ref sum, i) + TElement.LoadOrdered(ref row, i)).StoreUnsafe(ref sum, i);
        for (; i < (nuint)count; i++)
            Unsafe.Add(ref sum, i) += TElement.ToSingle(Unsafe.Add(ref row, i));
    }
}
