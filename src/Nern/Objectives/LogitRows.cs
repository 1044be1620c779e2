using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Nern.Networks;

namespace Nern.Objectives;

/// <summary>
/// Logits by sample, one a class. A network that yields a single logit z tells two classes apart, and its row reads as that of the two
/// logits (0, z): their softmax is the sigmoid of z, and the second class is chosen where z is above 0. Nothing is allocated.
/// </summary>
/// <param name="logits">[samples, logits].</param>
/// <param name="width">Logits that the network yields for a sample.</param>
internal ref struct LogitRows(ReadOnlySpan<float> logits, int width)
{
    private readonly ReadOnlySpan<float> _logits = logits;
    private Pair _pair;

    /// <summary>The classes they tell apart, which is the length of a row.</summary>
    internal readonly int Classes => Graph.ClassesOf(width);

    /// <summary>How many of a row's first logits the network does not yield, so that they have no gradient.</summary>
    internal readonly int Implied => Classes - width;

    /// <summary>The row of a sample, until the next one is asked for.</summary>
    [UnscopedRef]
    internal ReadOnlySpan<float> this[int sample]
    {
        get
        {
            if (Implied == 0)
                return _logits.Slice(sample * width, width);
            _pair[1] = _logits[sample];
            return _pair;
        }
    }

    /// <summary>The logits 0 and z.</summary>
    [InlineArray(2)]
    private struct Pair
    {
        private float _first;
    }
}
