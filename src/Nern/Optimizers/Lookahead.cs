using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Optimizers;

/// <summary>
/// Moves the slow weights towards the fast ones and takes up again from there: slow += alpha (fast - slow), fast = slow
/// (Zhang et al., <i>Lookahead Optimizer: k steps forward, 1 step back</i>, 2019, algorithm 1).
/// </summary>
internal static class Lookahead
{
    public static void Synchronize(Span<float> fast, Span<float> slow, float alpha)
    {
        var f = MemoryMarshal.Cast<float, Vector512<float>>(fast);
        var s = MemoryMarshal.Cast<float, Vector512<float>>(slow)[..f.Length];
        for (var i = 0; i < f.Length; i++)
            f[i] = s[i] += (f[i] - s[i]) * alpha;
        for (var i = f.Length * Vector512<float>.Count; i < fast.Length; i++)
            fast[i] = slow[i] += (fast[i] - slow[i]) * alpha;
    }
}
