using Nern.Options;

namespace Nern.Optimizers;

/// <summary>Settings of <see cref="AdamW"/>; the defaults are those of the paper.</summary>
internal sealed record AdamWOptions
{
    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, in [1e-16, 1].</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, 0 or more: a step also takes this times the learning rate off each parameter.</summary>
    public double WeightDecay { get; init; }

    internal void Validate()
    {
        OptionRange.Decay.Check(nameof(Beta1), Beta1);
        OptionRange.Decay.Check(nameof(Beta2), Beta2);
        new OptionRange(1e-16, 1).Check(nameof(Epsilon), Epsilon);
        OptionRange.AtLeast(0).Check(nameof(WeightDecay), WeightDecay);
    }
}
