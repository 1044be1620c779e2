using Nern.Options;

namespace Nern.Optimizers;

/// <summary>
/// Settings of <see cref="Ranger"/>; the betas and the weight decay are those of the released NeRN code, the rest is Ranger's own.
/// </summary>
internal sealed record RangerOptions
{
    /// <summary>Decay of the first moment, in [0, 1). NeRN's 0.5, not Ranger's 0.95.</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, in [1e-16, 1].</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Decoupled weight decay, 0 or more: a step also takes this times the learning rate off each parameter.</summary>
    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>Every how many steps the slow weights move, 1 or more.</summary>
    public int LookaheadSteps { get; init; } = 6;

    /// <summary>How far the slow weights then move towards the fast ones, in (0, 1]; 1 turns Lookahead off.</summary>
    public double LookaheadAlpha { get; init; } = 0.5;

    /// <summary>
    /// Whether each row of a matrix's gradient has its mean taken off. Ranger does it; the released NeRN configurations turn it off.
    /// </summary>
    public bool CentralizeGradient { get; init; } = true;

    /// <summary>The length of averaged history above which the second moment is trusted, 4 or more (its variance needs that).</summary>
    public double RectificationThreshold { get; init; } = 5;

    internal void Validate()
    {
        OptionRange.Decay.Check(nameof(Beta1), Beta1);
        OptionRange.Decay.Check(nameof(Beta2), Beta2);
        new OptionRange(1e-16, 1).Check(nameof(Epsilon), Epsilon);
        OptionRange.AtLeast(0).Check(nameof(WeightDecay), WeightDecay);
        OptionRange.AtLeast(1).Check(nameof(LookaheadSteps), LookaheadSteps);
        OptionRange.Above(0, 1).Check(nameof(LookaheadAlpha), LookaheadAlpha);
        OptionRange.AtLeast(4).Check(nameof(RectificationThreshold), RectificationThreshold);
    }
}
