using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The predictor's first layer, factored: W1 gamma(l, f, c) + b1 = T_l[l] + T_f[f] + T_c[c], three rows added per kernel,
/// then ReLU if the activation is that. Exact, since the layer is linear in a concatenation of three embeddings.
/// </summary>
internal sealed class GatherPass<T, TElement>(
    Coordinates coordinates, Memory[] tables, Memory hidden, int width, KernelRows rows, bool rectifies)
    : Step("predictor first layer")
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Work()
    {
        var layers = tables[0].AsSpan<float>();
        var filters = tables[1].AsSpan<float>();
        var channels = tables[2].AsSpan<float>();
        var result = hidden.AsSpan<T>();
        // Rows that are not in use are run with the others: what an earlier batch left there could be no number.
        result[(rows.Count * width)..].Clear();
        var lowest = rectifies ? 0 : float.NegativeInfinity;
        var floor = Vector512.Create(lowest);
        for (var row = 0; row < rows.Count; row++)
        {
            var kernel = rows[row];
            ref var a = ref MemoryMarshal.GetReference(layers.Slice(coordinates.Indices(0)[kernel] * width, width));
            ref var b = ref MemoryMarshal.GetReference(filters.Slice(coordinates.Indices(1)[kernel] * width, width));
            ref var c = ref MemoryMarshal.GetReference(channels.Slice(coordinates.Indices(2)[kernel] * width, width));
            ref var r = ref MemoryMarshal.GetReference(result.Slice(row * width, width));
            nuint i = 0;
            for (; i + 16 <= (nuint)width; i += 16)
            {
                var sum = Vector512.LoadUnsafe(ref a, i) + Vector512.LoadUnsafe(ref b, i) + Vector512.LoadUnsafe(ref c, i);
                TElement.Store(Vector512.Max(sum, floor), ref r, i);
            }
            for (; i < (nuint)width; i++)
                Unsafe.Add(ref r, i) = TElement.FromSingle(
                    Math.Max(Unsafe.Add(ref a, i) + Unsafe.Add(ref b, i) + Unsafe.Add(ref c, i), lowest));
        }
    }
}

/// <summary>Which kernels the rows of a predictor pass stand for: a run of them, or a chosen few.</summary>
internal sealed class KernelRows
{
    private int _first;
    private int[]? _chosen;

    /// <summary>The number of rows in use.</summary>
    internal int Count { get; private set; }

    /// <summary>The kernel of a row.</summary>
    internal int this[int row] => _chosen is null ? _first + row : _chosen[_first + row];

    /// <summary>Kernels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    internal void SetRange(int first, int count) => (_first, _chosen, Count) = (first, null, count);

    /// <summary>Entries of <paramref name="kernels"/>, which is kept, not copied.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="first">From this entry on.</param>
    /// <param name="count">How many.</param>
    internal void SetChosen(int[] kernels, int first, int count) => (_first, _chosen, Count) = (first, kernels, count);
}
