using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>
/// The gradient at z before a ReLU: the sum of what arrives behind it, where z > 0, plus the feature-map loss's own
/// gradient, all in one pass over the data.
/// </summary>
internal sealed class ReluBackwardPass<T, TElement> : ParallelStep
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    private readonly Memory _value, _first, _result;
    private readonly Memory? _second;
    private readonly FeatureMap? _map;
    private readonly int _batch;

    /// <param name="value">z.</param>
    /// <param name="first">A gradient with respect to the activation.</param>
    /// <param name="second">Another one to be added, or null.</param>
    /// <param name="result">Where the gradient with respect to z goes; may be <paramref name="first"/>.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="map">The feature map z is, if any.</param>
    internal ReluBackwardPass(Memory value, Memory first, Memory? second, Memory result, int batch, FeatureMap? map)
        : base(map is null ? "relu backward" : "relu backward + feature gradient")
    {
        _value = value;
        _first = first;
        _second = second;
        _result = result;
        _batch = batch;
        _map = map;
    }

    public override void Execute(int part, int parts)
    {
        var (firstSample, end) = ParallelRegion.Share(_batch, part, parts);
        var size = _value.AsSpan<T>().Length / _batch;
        for (var sample = firstSample; sample < end; sample++)
        {
            var at = sample * size;
            var z = _value.AsSpan<T>().Slice(at, size);
            var first = _first.AsSpan<T>().Slice(at, size);
            var second = _second is null ? default : _second.AsSpan<T>().Slice(at, size);
            var result = _result.AsSpan<T>().Slice(at, size);
            if (_map is { Enabled: true } map)
                WithFeatureGradient(z, first, second, map.Original.AsSpan<T>().Slice(at, size), result, map.Gradients[sample]);
            else
                Plain(z, first, second, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain(ReadOnlySpan<T> value, ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> result)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var g = ref MemoryMarshal.GetReference(first);
        ref var h = ref MemoryMarshal.GetReference(second);
        ref var r = ref MemoryMarshal.GetReference(result);
        var two = second.Length > 0;
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)15;
        for (; i < vectorEnd; i += 16)
        {
            var gradient = TElement.Load(ref g, i);
            if (two)
                gradient += TElement.Load(ref h, i);
            TElement.Store(Masked(TElement.Load(ref z, i), gradient), ref r, i);
        }
        for (; i < (nuint)value.Length; i++)
        {
            var gradient = TElement.ToSingle(Unsafe.Add(ref g, i)) + (two ? TElement.ToSingle(Unsafe.Add(ref h, i)) : 0);
            Unsafe.Add(ref r, i) = TElement.FromSingle(TElement.ToSingle(Unsafe.Add(ref z, i)) > 0 ? gradient : 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WithFeatureGradient(
        ReadOnlySpan<T> value, ReadOnlySpan<T> first, ReadOnlySpan<T> second, ReadOnlySpan<T> original, Span<T> result,
        (float Student, float Teacher) factors)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var g = ref MemoryMarshal.GetReference(first);
        ref var h = ref MemoryMarshal.GetReference(second);
        ref var o = ref MemoryMarshal.GetReference(original);
        ref var r = ref MemoryMarshal.GetReference(result);
        var two = second.Length > 0;
        var studentFactor = Vector512.Create(factors.Student);
        var teacherFactor = Vector512.Create(factors.Teacher);
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)15;
        for (; i < vectorEnd; i += 16)
        {
            var gradient = TElement.Load(ref g, i);
            if (two)
                gradient += TElement.Load(ref h, i);
            var s = TElement.Load(ref z, i);
            var own = Vector512.FusedMultiplyAdd(studentFactor, s, teacherFactor * TElement.Load(ref o, i));
            TElement.Store(Masked(s, gradient) + own, ref r, i);
        }
        for (; i < (nuint)value.Length; i++)
        {
            var gradient = TElement.ToSingle(Unsafe.Add(ref g, i)) + (two ? TElement.ToSingle(Unsafe.Add(ref h, i)) : 0);
            var s = TElement.ToSingle(Unsafe.Add(ref z, i));
            var own = (factors.Student * s) + (factors.Teacher * TElement.ToSingle(Unsafe.Add(ref o, i)));
            Unsafe.Add(ref r, i) = TElement.FromSingle((s > 0 ? gradient : 0) + own);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Masked(Vector512<float> z, Vector512<float> gradient) =>
        gradient & Vector512.GreaterThan(z, Vector512<float>.Zero);
}
