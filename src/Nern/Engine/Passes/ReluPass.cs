using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>
/// activation = max(0, z) for one value of a network. Given the original's map of the same value, the pass also takes the
/// three inner products per sample that the feature-map loss is made of, while the data is in registers.
/// </summary>
internal sealed class ReluPass<T, TElement> : ParallelStep
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    private readonly Memory _value, _activation;
    private readonly FeatureMap? _map;
    private readonly int _batch;

    /// <param name="value">z, samples outermost.</param>
    /// <param name="activation">The result, in the same order.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="map">The feature map z is, if the loss asks for it.</param>
    internal ReluPass(Memory value, Memory activation, int batch, FeatureMap? map) : base(map is null ? "relu" : "relu + feature statistics")
    {
        _value = value;
        _activation = activation;
        _batch = batch;
        _map = map;
    }

    public override void Execute(int part, int parts)
    {
        var (first, end) = ParallelRegion.Share(_batch, part, parts);
        var value = _value.AsSpan<T>();
        var activation = _activation.AsSpan<T>();
        var size = value.Length / _batch;
        if (_map is not { Enabled: true } map)
        {
            Rectify(value[(first * size)..(end * size)], activation[(first * size)..(end * size)]);
            return;
        }
        var original = map.Original.AsSpan<T>();
        for (var sample = first; sample < end; sample++)
            map.Products[sample] = RectifyAndMeasure(
                value.Slice(sample * size, size), original.Slice(sample * size, size), activation.Slice(sample * size, size));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectify(ReadOnlySpan<T> value, Span<T> activation)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var a = ref MemoryMarshal.GetReference(activation);
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)15;
        for (; i < vectorEnd; i += 16)
            TElement.Store(Vector512.Max(TElement.Load(ref z, i), Vector512<float>.Zero), ref a, i);
        for (; i < (nuint)value.Length; i++)
            Unsafe.Add(ref a, i) = TElement.FromSingle(Math.Max(TElement.ToSingle(Unsafe.Add(ref z, i)), 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static InnerProducts RectifyAndMeasure(ReadOnlySpan<T> value, ReadOnlySpan<T> original, Span<T> activation)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var o = ref MemoryMarshal.GetReference(original);
        ref var a = ref MemoryMarshal.GetReference(activation);
        double student = 0, teacher = 0, cross = 0;
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)15;
        while (i < vectorEnd)
        {
            // Lanes are emptied into doubles every 4096 elements, so that large maps lose no digits.
            var blockEnd = Math.Min(i + 4096, vectorEnd);
            Vector512<float> ss = default, tt = default, st = default;
            for (; i < blockEnd; i += 16)
            {
                var s = TElement.Load(ref z, i);
                var t = TElement.Load(ref o, i);
                ss = Vector512.FusedMultiplyAdd(s, s, ss);
                tt = Vector512.FusedMultiplyAdd(t, t, tt);
                st = Vector512.FusedMultiplyAdd(s, t, st);
                TElement.Store(Vector512.Max(s, Vector512<float>.Zero), ref a, i);
            }
            student += Vector512.Sum(ss);
            teacher += Vector512.Sum(tt);
            cross += Vector512.Sum(st);
        }
        for (; i < (nuint)value.Length; i++)
        {
            var s = TElement.ToSingle(Unsafe.Add(ref z, i));
            var t = TElement.ToSingle(Unsafe.Add(ref o, i));
            student += s * s;
            teacher += t * t;
            cross += s * t;
            Unsafe.Add(ref a, i) = TElement.FromSingle(Math.Max(s, 0));
        }
        return new(student, teacher, cross);
    }
}
