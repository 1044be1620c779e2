using Nern.Options;

namespace Nern.Optimizers.Schedules;

/// <summary>
/// A learning rate that stays for a while and then falls along half a cosine (Loshchilov and Hutter, <i>SGDR</i>, 2017, eq. 5, one
/// period): final + (initial - final) / 2 (1 + cos(pi t)), t from 0 where the fall begins to 1 at the end.
/// </summary>
internal readonly record struct CosineDecay
{
    /// <summary>Describes the whole run.</summary>
    /// <param name="initial">The highest rate; more than 0.</param>
    /// <param name="final">The rate at the end, in [0, initial].</param>
    /// <param name="from">The part of the run after which the rate falls, in [0, 1]; 0 is the paper's plain cosine.</param>
    /// <exception cref="NernException">A value is out of range.</exception>
    public CosineDecay(double initial, double final, double from = 0)
    {
        OptionRange.Above(0).Check(nameof(Initial), initial);
        new OptionRange(0, initial).Check(nameof(Final), final);
        new OptionRange(0, 1).Check(nameof(From), from);
        (Initial, Final, From) = (initial, final, from);
    }

    /// <summary>The highest rate.</summary>
    public double Initial { get; }

    /// <summary>The rate at the end.</summary>
    public double Final { get; }

    /// <summary>The part of the run after which the rate falls.</summary>
    public double From { get; }

    /// <summary>The rate where <paramref name="position"/> of the run, 0 to 1, is over.</summary>
    public float At(double position)
    {
        if (position >= 1)
            return (float)Final;
        var fallen = Math.Max(0, (position - From) / (1 - From));
        return (float)(Final + ((Initial - Final) / 2 * (1 + Math.Cos(Math.PI * fallen))));
    }
}
