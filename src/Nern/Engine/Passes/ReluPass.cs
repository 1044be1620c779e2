using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>
/// activation = max(0, z), up to a ceiling where there is one, for one value of a network. Given the original's map of the same value, the
/// pass does the same for
/// the original, and finishes with the feature-map loss: it takes the three inner products a sample that the loss is made of
/// while the data is in registers, and from them the gradient while the sample is in the cache.
/// </summary>
internal sealed class ReluPass<T, TElement, TCeiling> : ParallelStep
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TCeiling : struct, ICeiling
{
    private readonly Memory _value, _activation;
    private readonly FeatureMap? _map;
    private readonly int _batch;
    private readonly float _ceiling;

    /// <param name="value">z, samples outermost.</param>
    /// <param name="activation">The result, in the same layout.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="map">The feature map z is, if the loss asks for it.</param>
    /// <param name="ceiling">The largest result, where there is one.</param>
    internal ReluPass(Memory value, Memory activation, int batch, FeatureMap? map, float ceiling = 0)
        : base(map is null ? "relu" : "relu + feature-map loss", value.Descriptor)
    {
        _value = value;
        _activation = activation;
        _batch = batch;
        _map = map;
        // As it is stored: nothing between the two counts as below it.
        _ceiling = TElement.ToSingle(TElement.FromSingle(ceiling));
    }

    public override void Execute(int part, int parts)
    {
        var (first, end) = ParallelRegion.Share(_batch, part, parts);
        var size = _value.AsSpan<T>().Length / _batch;
        for (var sample = first; sample < end; sample++)
        {
            var z = Sample(_value, sample, size);
            var activation = Sample(_activation, sample, size);
            if (_map is null)
            {
                Rectify(z, activation);
                continue;
            }
            var original = Sample(_map.Original, sample, size);
            var originalActivation = Sample(_map.OriginalActivation, sample, size);
            if (_map.Loss is null)
            {
                Rectify(z, activation);
                Rectify(original, originalActivation);
                continue;
            }
            var (_, student, teacher) = _map.Apply(sample, Measure(z, original));
            RectifyAndCombine(z, original, (student, teacher), activation, originalActivation, Sample(_map.Gradient!, sample, size));
        }
    }

    private static Span<T> Sample(Memory memory, int sample, int size) => memory.AsSpan<T>().Slice(sample * size, size);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rectify(ReadOnlySpan<T> value, Span<T> activation)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var a = ref MemoryMarshal.GetReference(activation);
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)31;
        for (; i < vectorEnd; i += 32)
            Rectify(ref z, ref a, i, _ceiling);
        for (; i < (nuint)value.Length; i++)
            Unsafe.Add(ref a, i) = TElement.FromSingle(Rectified(TElement.ToSingle(Unsafe.Add(ref z, i)), _ceiling));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static InnerProducts Measure(ReadOnlySpan<T> value, ReadOnlySpan<T> original)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var o = ref MemoryMarshal.GetReference(original);
        double student = 0, teacher = 0, cross = 0;
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)31;
        while (i < vectorEnd)
        {
            // Lanes are emptied into doubles every 8192 elements, so that large maps lose no digits.
            var blockEnd = Math.Min(i + 8192, vectorEnd);
            Vector512<float> ss0 = default, tt0 = default, st0 = default, ss1 = default, tt1 = default, st1 = default;
            for (; i < blockEnd; i += 32)
            {
                var (s0, s1) = TElement.Load(ref z, i);
                var (t0, t1) = TElement.Load(ref o, i);
                ss0 = Vector512.FusedMultiplyAdd(s0, s0, ss0);
                tt0 = Vector512.FusedMultiplyAdd(t0, t0, tt0);
                st0 = Vector512.FusedMultiplyAdd(s0, t0, st0);
                ss1 = Vector512.FusedMultiplyAdd(s1, s1, ss1);
                tt1 = Vector512.FusedMultiplyAdd(t1, t1, tt1);
                st1 = Vector512.FusedMultiplyAdd(s1, t1, st1);
            }
            student += Vector512.Sum(ss0 + ss1);
            teacher += Vector512.Sum(tt0 + tt1);
            cross += Vector512.Sum(st0 + st1);
        }
        for (; i < (nuint)value.Length; i++)
        {
            var s = TElement.ToSingle(Unsafe.Add(ref z, i));
            var t = TElement.ToSingle(Unsafe.Add(ref o, i));
            student += s * s;
            teacher += t * t;
            cross += s * t;
        }
        return new(student, teacher, cross);
    }

    /// <summary>Writes last what it has read: activations may take the place of the maps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RectifyAndCombine(
        ReadOnlySpan<T> value, ReadOnlySpan<T> original, (float Student, float Teacher) factors, Span<T> activation,
        Span<T> originalActivation, Span<T> gradient)
    {
        ref var z = ref MemoryMarshal.GetReference(value);
        ref var o = ref MemoryMarshal.GetReference(original);
        ref var a = ref MemoryMarshal.GetReference(activation);
        ref var b = ref MemoryMarshal.GetReference(originalActivation);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        var student = Vector512.Create(factors.Student);
        var teacher = Vector512.Create(factors.Teacher);
        nuint i = 0;
        var vectorEnd = (nuint)value.Length & ~(nuint)31;
        for (; i < vectorEnd; i += 32)
        {
            var (s0, s1) = TElement.Load(ref z, i);
            var (t0, t1) = TElement.Load(ref o, i);
            TElement.Store(
                Vector512.FusedMultiplyAdd(student, s0, teacher * t0), Vector512.FusedMultiplyAdd(student, s1, teacher * t1), ref g, i);
            Rectify(ref z, ref a, i, _ceiling);
            Rectify(ref o, ref b, i, _ceiling);
        }
        for (; i < (nuint)value.Length; i++)
        {
            var s = TElement.ToSingle(Unsafe.Add(ref z, i));
            var t = TElement.ToSingle(Unsafe.Add(ref o, i));
            Unsafe.Add(ref g, i) = TElement.FromSingle((factors.Student * s) + (factors.Teacher * t));
            Unsafe.Add(ref a, i) = TElement.FromSingle(Rectified(s, _ceiling));
            Unsafe.Add(ref b, i) = TElement.FromSingle(Rectified(t, _ceiling));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rectify(ref T source, ref T destination, nuint offset, float ceiling)
    {
        if (TCeiling.Exists)
            TElement.Rectify(ref source, ref destination, offset, Vector512.Create(ceiling));
        else
            TElement.Rectify(ref source, ref destination, offset);
    }

    private static float Rectified(float value, float ceiling) =>
        TCeiling.Exists ? Math.Min(Math.Max(value, 0), ceiling) : Math.Max(value, 0);
}
