using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>
/// The gradient before a ReLU: the sum of what arrives behind it, where the activation is above 0 and below the ceiling, plus the
/// feature-map loss's own gradient, all in one pass over the data.
/// </summary>
internal sealed class ReluBackwardPass<T, TElement, TCeiling> : ParallelStep
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCeiling : struct, ICeiling
{
    private readonly Memory _activation, _first, _result;
    private readonly Memory? _second;
    private readonly FeatureMap? _map;
    private readonly float _ceiling;

    /// <param name="activation">What the ReLU gave.</param>
    /// <param name="first">A gradient with respect to the activation.</param>
    /// <param name="second">Another one to be added, or null.</param>
    /// <param name="result">Where the gradient before the ReLU goes; may be <paramref name="first"/>.</param>
    /// <param name="map">The feature map before the ReLU, if any.</param>
    /// <param name="ceiling">The largest activation, where there is one.</param>
    internal ReluBackwardPass(Memory activation, Memory first, Memory? second, Memory result, FeatureMap? map, float ceiling = 0)
        : base(map is null ? "relu backward" : "relu backward + feature gradient", result.Descriptor)
    {
        _activation = activation;
        _first = first;
        _second = second;
        _result = result;
        _map = map;
        _ceiling = TElement.ToSingle(TElement.FromSingle(ceiling));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(int part, int parts)
    {
        var length = _result.AsSpan<T>().Length;
        var (firstBlock, endBlock) = ParallelRegion.Share((length + 31) / 32, part, parts);
        ref var a = ref MemoryMarshal.GetReference(_activation.AsSpan<T>());
        ref var g = ref MemoryMarshal.GetReference(_first.AsSpan<T>());
        ref var h = ref _second is null ? ref Unsafe.NullRef<T>() : ref MemoryMarshal.GetReference(_second.AsSpan<T>());
        ref var own = ref _map?.Loss is null ? ref Unsafe.NullRef<T>() : ref MemoryMarshal.GetReference(_map.Gradient!.AsSpan<T>());
        ref var r = ref MemoryMarshal.GetReference(_result.AsSpan<T>());
        var (two, owned) = (!Unsafe.IsNullRef(ref h), !Unsafe.IsNullRef(ref own));
        var ceiling = Vector512.Create(_ceiling);
        var end = (nuint)Math.Min(endBlock * 32, length);
        var i = (nuint)firstBlock * 32;
        for (; i + 32 <= end; i += 32)
        {
            var (g0, g1) = TElement.Load(ref g, i);
            if (two)
            {
                var (h0, h1) = TElement.Load(ref h, i);
                (g0, g1) = (g0 + h0, g1 + h1);
            }
            var (a0, a1) = TElement.Load(ref a, i);
            g0 &= Vector512.GreaterThan(a0, Vector512<float>.Zero);
            g1 &= Vector512.GreaterThan(a1, Vector512<float>.Zero);
            if (TCeiling.Exists)
            {
                g0 &= Vector512.LessThan(a0, ceiling);
                g1 &= Vector512.LessThan(a1, ceiling);
            }
            if (owned)
            {
                var (own0, own1) = TElement.Load(ref own, i);
                (g0, g1) = (g0 + own0, g1 + own1);
            }
            TElement.Store(g0, g1, ref r, i);
        }
        for (; i < end; i++)
        {
            var gradient = TElement.ToSingle(Unsafe.Add(ref g, i)) + (two ? TElement.ToSingle(Unsafe.Add(ref h, i)) : 0);
            var activation = TElement.ToSingle(Unsafe.Add(ref a, i));
            if (!(activation > 0) || (TCeiling.Exists && !(activation < _ceiling)))
                gradient = 0;
            Unsafe.Add(ref r, i) = TElement.FromSingle(gradient + (owned ? TElement.ToSingle(Unsafe.Add(ref own, i)) : 0));
        }
    }
}
