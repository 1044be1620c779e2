namespace Nern.Training.Schedules;

/// <summary>
/// A learning rate that falls along half a cosine (Loshchilov and Hutter, <i>SGDR</i>, 2017, eq. 5, one period), after an optional
/// linear rise: final + (initial - final) / 2 (1 + cos(pi t / T)), t and T counted from the end of the rise.
/// </summary>
public sealed class CosineDecay
{
    /// <summary>Describes the whole run.</summary>
    /// <param name="initial">The highest rate, where the decay starts; more than 0.</param>
    /// <param name="final">The rate from <paramref name="steps"/> on, in [0, initial].</param>
    /// <param name="steps">Steps of the run, rise included; 1 or more.</param>
    /// <param name="warmupSteps">Steps of the rise, from initial / warmupSteps in equal parts, in [0, steps).</param>
    /// <exception cref="NernException">A value is out of range.</exception>
    public CosineDecay(float initial, float final, long steps, long warmupSteps = 0)
    {
        (OptionRange.AtLeast(0) with { ExcludesMinimum = true }).Check(nameof(Initial), initial);
        new OptionRange(0, initial).Check(nameof(Final), final);
        OptionRange.AtLeast(1).Check(nameof(Steps), steps);
        new OptionRange(0, steps) { ExcludesMaximum = true }.Check(nameof(WarmupSteps), warmupSteps);
        (Initial, Final, Steps, WarmupSteps) = (initial, final, steps, warmupSteps);
    }

    /// <summary>The highest rate.</summary>
    public float Initial { get; }

    /// <summary>The rate at the end.</summary>
    public float Final { get; }

    /// <summary>Steps until <see cref="Final"/> is reached.</summary>
    public long Steps { get; }

    /// <summary>Steps of linear rise.</summary>
    public long WarmupSteps { get; }

    /// <summary>The rate for <paramref name="step"/>, counted from 0.</summary>
    public float At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step >= Steps)
            return Final;
        if (step < WarmupSteps)
            return (float)((double)Initial * (step + 1) / WarmupSteps);
        var progress = (double)(step - WarmupSteps) / (Steps - WarmupSteps);
        return (float)(Final + ((double)Initial - Final) / 2 * (1 + Math.Cos(Math.PI * progress)));
    }
}
