using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Optimizers;

/// <summary>One pass over parameters, gradient and both moments. Memory is what it waits for, so each value is touched once.</summary>
internal static class MomentPass
{
    public static void Run<TUpdate>(
        in TUpdate update, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TUpdate : struct, IMomentUpdate
    {
        // A local copy, or every store through the spans would make the compiler read the coefficients again.
        var formula = update;
        var p = MemoryMarshal.Cast<float, Vector512<float>>(parameters);
        var g = MemoryMarshal.Cast<float, Vector512<float>>(gradient)[..p.Length];
        var m = MemoryMarshal.Cast<float, Vector512<float>>(first)[..p.Length];
        var v = MemoryMarshal.Cast<float, Vector512<float>>(second)[..p.Length];
        for (var i = 0; i < p.Length; i++)
            formula.Apply(ref p[i], g[i], ref m[i], ref v[i]);

        var done = p.Length * Vector512<float>.Count;
        if (done < parameters.Length)
            RunPadded(update, parameters[done..], gradient[done..], first[done..], second[done..]);
    }

    /// <summary>The ragged end, as one more vector filled up with zeros: the formula stays written once.</summary>
    private static void RunPadded<TUpdate>(
        in TUpdate update, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TUpdate : struct, IMomentUpdate
    {
        Span<float> p = stackalloc float[Vector512<float>.Count];
        Span<float> g = stackalloc float[Vector512<float>.Count];
        Span<float> m = stackalloc float[Vector512<float>.Count];
        Span<float> v = stackalloc float[Vector512<float>.Count];
        parameters.CopyTo(p);
        gradient.CopyTo(g);
        first.CopyTo(m);
        second.CopyTo(v);
        Run(update, p, g, m, v);
        p[..parameters.Length].CopyTo(parameters);
        m[..first.Length].CopyTo(first);
        v[..second.Length].CopyTo(second);
    }
}

/// <summary>The formula of one step for sixteen parameters and their moments; <see cref="MomentPass"/> runs it over all of them.</summary>
internal interface IMomentUpdate
{
    void Apply(ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second);
}
