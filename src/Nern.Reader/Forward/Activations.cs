using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nern.Predictor;

namespace Nern.Forward;

/// <summary>The predictor's activations, the same bits with any lanes; what is no number becomes 0 or stays so.</summary>
internal static class Activations<T> where T : struct, ILanes<T>
{
    /// <summary>Replaces values by their activations.</summary>
    /// <param name="kind">Which activation.</param>
    /// <param name="values">The values, a multiple of <see cref="ILanes{T}.Count"/>.</param>
    internal static void Apply(Activation kind, Span<float> values)
    {
        switch (kind)
        {
            case Activation.Relu:
                Apply<Relu>(values);
                break;
            case Activation.LeakyRelu:
                Apply<LeakyRelu>(values);
                break;
            case Activation.Silu:
                Apply<Silu>(values);
                break;
            case Activation.Gelu:
                Apply<Gelu>(values);
                break;
            default:
                foreach (ref var value in values)
                    value = (float)SineAndCosine.Of(value).Sine;
                break;
        }
    }

    // Compiled in full at once: the first file that is read is often the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TFunction>(Span<float> values) where TFunction : IFunction
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < (nuint)values.Length; i += (nuint)T.Count)
            TFunction.Of(T.Load(ref start, i)).Store(ref start, i);
    }

    /// <summary>
    /// e^x for x from -87 to 87, and of others that of the nearer bound: 2^n e^r with n the whole number nearest to x / ln 2 and the series
    /// of e^r to its seventh power, which leaves out less than 6e-9 of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Exponential(T x)
    {
        x = T.Choose(x, T.All(87), T.All(87), x);
        x = T.Choose(T.All(-87), x, T.All(-87), x);
        // At this size a float32 is a whole number, so that adding it rounds to one.
        var shifted = T.MultiplyAdd(x, T.All(1.44269504f), T.All(12582912));
        var n = shifted + T.All(-12582912);
        // ln 2 as a float32, and what is missing of it.
        var r = T.MultiplyAdd(n, T.All(-0.693147182f), x);
        r = T.MultiplyAdd(n, T.All(1.90465421e-9f), r);
        var sum = T.All(1f / 5040);
        sum = T.MultiplyAdd(sum, r, T.All(1f / 720));
        sum = T.MultiplyAdd(sum, r, T.All(1f / 120));
        sum = T.MultiplyAdd(sum, r, T.All(1f / 24));
        sum = T.MultiplyAdd(sum, r, T.All(1f / 6));
        sum = T.MultiplyAdd(sum, r, T.All(1f / 2));
        sum = T.MultiplyAdd(sum, r, T.All(1));
        sum = T.MultiplyAdd(sum, r, T.All(1));
        return sum * T.PowerOfTwo(shifted);
    }

    /// <summary>x / (1 + exp(-y)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Gated(T x, T y) => x / (T.All(1) + Exponential(y * T.All(-1)));

    private interface IFunction
    {
        static abstract T Of(T x);
    }

    private readonly struct Relu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of(T x) => T.Choose(x, T.All(0), x, T.All(0));
    }

    private readonly struct LeakyRelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of(T x) => T.Choose(x, T.All(0), x, x * T.All(0.01f));
    }

    private readonly struct Silu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of(T x) => Gated(x, x);
    }

    /// <summary>(1 + tanh(y)) / 2 is the logistic function of 2 y: 2 sqrt(2 / pi), and that times 0.044715.</summary>
    private readonly struct Gelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of(T x) => Gated(x, x * T.MultiplyAdd(x * x, T.All(0.071354814f), T.All(1.5957691f)));
    }
}
