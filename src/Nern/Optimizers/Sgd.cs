using Nern.Options;

namespace Nern.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum, plain or Nesterov's (Sutskever et al., <i>On the importance of initialization and
/// momentum in deep learning</i>, 2013, in PyTorch's form): v = momentum v + g + decay p; p -= rate v, or rate (g + decay p + momentum v).
/// Leaves the gradient as it was.
/// </summary>
internal sealed class Sgd : Optimizer
{
    private readonly SgdOptions _options;
    private readonly float[] _velocity;

    /// <summary>Makes an optimiser of the tensors that <paramref name="blocks"/> describes.</summary>
    /// <exception cref="NernException">An option is out of range.</exception>
    public Sgd(IReadOnlyList<ParameterBlock> blocks, SgdOptions? options = null)
        : base(blocks)
    {
        _options = options ?? new SgdOptions();
        _options.Validate();
        _velocity = new float[ParameterCount];
        State = [("velocity", _velocity)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Memory<float> Values)> State { get; }

    /// <inheritdoc/>
    protected override void Start(ReadOnlySpan<float> parameters) => Array.Clear(_velocity);

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, Span<float> gradient, float learningRate)
    {
        var (momentum, decay) = ((float)_options.Momentum, (float)_options.WeightDecay);
        for (var i = 0; i < parameters.Length; i++)
        {
            var slope = gradient[i] + (decay * parameters[i]);
            var velocity = _velocity[i] = (momentum * _velocity[i]) + slope;
            parameters[i] -= learningRate * (_options.Nesterov ? slope + (momentum * velocity) : velocity);
        }
    }
}

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
