using Nern.Options;

namespace Nern.Optimizers;

/// <summary>Settings of <see cref="Sgd"/>.</summary>
internal sealed record SgdOptions
{
    /// <summary>How much of the velocity is kept each step, in [0, 1); 0 is plain gradient descent.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient is followed from where the velocity leads (Nesterov).</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>
    /// Weight decay, 0 or more: this times the parameter is added to its gradient (l2, coupled, as PyTorch's SGD has it).
    /// </summary>
    public double WeightDecay { get; init; }

    internal void Validate()
    {
        OptionRange.Decay.Check(nameof(Momentum), Momentum);
        OptionRange.AtLeast(0).Check(nameof(WeightDecay), WeightDecay);
    }
}
