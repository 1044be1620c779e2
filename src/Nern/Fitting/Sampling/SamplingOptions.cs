namespace Nern.Fitting.Sampling;

/// <summary>Which kernels are drawn, and how many.</summary>
internal sealed record SamplingOptions
{
    /// <summary>The way of drawing; the paper's best is the default.</summary>
    public SamplingKind Kind { get; init; } = SamplingKind.Magnitude;

    /// <summary>
    /// The most kernels drawn at once, 1 or more; <see cref="SamplingKind.All"/> has no use for it. The paper takes 2^12 for CIFAR and
    /// 2^16 for ImageNet.
    /// </summary>
    public int BatchSize { get; init; } = 4096;

    /// <summary>How often <see cref="SamplingKind.Magnitude"/> draws a uniform batch all the same, in [0, 1].</summary>
    public double UniformProbability { get; init; } = 0.8;

    internal void Validate()
    {
        if (!Enum.IsDefined(Kind))
            throw new NernException($"The option Kind must be one of {string.Join(", ", Enum.GetNames<SamplingKind>())}, but is {Kind}.");
        OptionRange.AtLeast(1).Check(nameof(BatchSize), BatchSize);
        new OptionRange(0, 1).Check(nameof(UniformProbability), UniformProbability);
    }
}
