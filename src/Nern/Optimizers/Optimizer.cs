namespace Nern.Optimizers;

/// <summary>
/// Moves one flat span of parameters against its gradient. A step allocates nothing, and the same inputs give the same bits
/// whatever vectors the machine has, unless it <see cref="DependsOnProcessor"/>: they are always taken sixteen wide, and no multiplication
/// is fused with an addition.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    private readonly ParameterBlock[] _blocks;

    /// <summary>Prepares to optimise the tensors that <paramref name="blocks"/> describes.</summary>
    /// <param name="blocks">The tensors in order of offset, from 0, without gaps.</param>
    /// <exception cref="ArgumentException">The blocks leave a gap, overlap, or one is empty.</exception>
    protected Optimizer(IReadOnlyList<ParameterBlock> blocks)
    {
        _blocks = [.. blocks];
        foreach (var block in _blocks)
        {
            if (block.Offset != ParameterCount || block.Rows <= 0 || block.Columns <= 0)
                throw new ArgumentException($"Expected a block with values at offset {ParameterCount}. Was {block}.", nameof(blocks));
            ParameterCount = checked(block.Offset + block.Rows * block.Columns);
        }
    }

    /// <summary>How many values the blocks hold together.</summary>
    public int ParameterCount { get; }

    /// <summary>Steps taken since it last started afresh. With <see cref="State"/> it is all there is to save.</summary>
    public long StepCount { get; internal set; }

    /// <summary>What is remembered between steps, by name, each [<see cref="ParameterCount"/>]; write into it to restore.</summary>
    public abstract IReadOnlyList<(string Name, Memory<float> Values)> State { get; }

    /// <summary>Whether the last bits of a step may be others on another processor.</summary>
    internal virtual bool DependsOnProcessor => false;

    /// <summary>The tensors in the flat parameters.</summary>
    protected ReadOnlySpan<ParameterBlock> Blocks => _blocks;

    /// <summary>Takes one step, in place.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="gradient">[<see cref="ParameterCount"/>]; may be overwritten.</param>
    /// <param name="learningRate">Finite, 0 or more.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the learning rate is out of range.</exception>
    public void Step(Span<float> parameters, Span<float> gradient, float learningRate)
    {
        if (parameters.Length != ParameterCount || gradient.Length != ParameterCount)
        {
            throw new ArgumentException(
                $"Expected {ParameterCount} parameters and gradients. Were {parameters.Length} and {gradient.Length}.");
        }

        if (!float.IsFinite(learningRate) || learningRate < 0)
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "Must be finite and not negative.");

        if (StepCount == 0)
            Start(parameters);
        StepCount++;
        Update(parameters, gradient, learningRate);
    }

    /// <summary>Forgets all it knows of gradients: the next step starts afresh.</summary>
    public void Restart() => StepCount = 0;

    /// <summary>Frees what it has outside of managed memory.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Brings <see cref="State"/> to where the first step expects it.</summary>
    protected abstract void Start(ReadOnlySpan<float> parameters);

    /// <summary>The step itself; <see cref="StepCount"/> already counts it.</summary>
    protected abstract void Update(Span<float> parameters, Span<float> gradient, float learningRate);
}

/// <summary>The optimisers there are.</summary>
public enum OptimizerKind
{
    /// <summary>RAdam, Lookahead and gradient centralisation, as the paper does.</summary>
    Ranger,
    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
    /// <summary>Gradient descent with Nesterov's momentum.</summary>
    Sgd,
    /// <summary>Momentum of matrices with equal singular values (Jordan et al., 2024); AdamW for biases.</summary>
    Muon,
}
