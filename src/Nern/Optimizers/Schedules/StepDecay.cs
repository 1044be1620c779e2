using Nern.Options;

namespace Nern.Optimizers.Schedules;

/// <summary>A learning rate that is multiplied by a factor at each of some places of a run (He et al. 2016, section 4.2).</summary>
internal sealed record StepDecay
{
    /// <summary>Describes the whole run.</summary>
    /// <param name="initial">The rate at the start; more than 0.</param>
    /// <param name="milestones">The parts of the run after which the rate falls, each in [0, 1].</param>
    /// <param name="factor">What it is multiplied with at each, in (0, 1].</param>
    /// <exception cref="NernException">A value is out of range.</exception>
    public StepDecay(double initial, IReadOnlyList<double> milestones, double factor)
    {
        OptionRange.Above(0).Check(nameof(Initial), initial);
        foreach (var milestone in milestones)
            new OptionRange(0, 1).Check(nameof(Milestones), milestone);
        OptionRange.Above(0, 1).Check(nameof(Factor), factor);
        (Initial, Milestones, Factor) = (initial, [.. milestones], factor);
    }

    /// <summary>The rate at the start.</summary>
    public double Initial { get; }

    /// <summary>The parts of the run after which the rate falls.</summary>
    public IReadOnlyList<double> Milestones { get; }

    /// <summary>What it is multiplied with at each.</summary>
    public double Factor { get; }

    /// <summary>The rate where <paramref name="position"/> of the run, 0 to 1, is over.</summary>
    public float At(double position)
    {
        var rate = Initial;
        foreach (var milestone in Milestones)
            if (position >= milestone)
                rate *= Factor;
        return (float)rate;
    }
}
