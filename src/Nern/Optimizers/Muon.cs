using System.Numerics.Tensors;
using Nern.Engine;
using Nern.OneDnn;
using Nern.Options;

namespace Nern.Optimizers;

/// <summary>
/// Muon (Jordan et al., 2024) with decoupled weight decay: a matrix moves along its Nesterov momentum with the singular values brought near 1, so that
/// directions with small gradients move as far as those with large ones. The step is as long as one of AdamW is on average (Liu et al., <i>Muon is
/// Scalable for LLM Training</i>, 2025, equation 4), so rates are alike; what is no matrix moves by AdamW. Leaves the gradient as it was.
/// </summary>
/// <remarks>The products are oneDNN's, on one thread each: the same bits for any number of threads, not on any processor.</remarks>
internal sealed class Muon : Optimizer, IParallelWork
{
    // The root mean square of a step of AdamW, by the rate (Liu et al., 2025).
    private const float StepSize = 0.2f;

    private readonly MuonOptions _options;
    private readonly AdamWOptions _adam;
    private readonly float[] _momentum, _second, _direction;
    private readonly (ParameterBlock Block, NewtonSchulz Iteration)[] _matrices;
    private int _next;

    /// <summary>Makes an optimiser of the tensors that <paramref name="blocks"/> describes.</summary>
    /// <param name="engine">The engine; it must outlive this.</param>
    /// <param name="precision">Of the products' factors; their authors' is bfloat16.</param>
    /// <param name="blocks">The tensors.</param>
    /// <param name="options">How.</param>
    /// <exception cref="NernException">An option is out of range.</exception>
    public Muon(CpuEngine engine, Precision precision, IReadOnlyList<ParameterBlock> blocks, MuonOptions? options = null)
        : base(blocks)
    {
        _options = options ?? new MuonOptions();
        _options.Validate();
        _adam = new() { Beta2 = _options.Beta2, WeightDecay = _options.WeightDecay };
        _momentum = new float[ParameterCount];
        _second = new float[ParameterCount];
        _direction = new float[ParameterCount];
        _matrices = [.. blocks.Where(block => block.IsMatrix).Select(block => (block, new NewtonSchulz(engine, precision, block.Rows, block.Columns)))];
        State = [("first_moment", _momentum), ("second_moment", _second)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Memory<float> Values)> State { get; }

    /// <inheritdoc/>
    internal override bool DependsOnProcessor => true;

    /// <inheritdoc/>
    protected override void Start(ReadOnlySpan<float> parameters)
    {
        Array.Clear(_momentum);
        Array.Clear(_second);
    }

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, Span<float> gradient, float learningRate)
    {
        var momentum = (float)_options.Momentum;
        foreach (var (block, _) in _matrices)
        {
            var slope = Of(gradient, block);
            var velocity = Of(_momentum, block);
            TensorPrimitives.MultiplyAdd(velocity, momentum, slope, velocity);
            TensorPrimitives.MultiplyAdd(velocity, momentum, slope, Of(_direction, block));
        }
        _next = 0;
        ParallelRegion.Run(this);
        foreach (var (block, _) in _matrices)
        {
            var values = Of(parameters, block);
            TensorPrimitives.Multiply(values, 1 - (float)(_options.WeightDecay * learningRate), values);
            TensorPrimitives.MultiplyAdd(
                Of(_direction, block), -learningRate * StepSize * MathF.Sqrt(Math.Max(block.Rows, block.Columns)), values, values);
        }
        var formula = new AdamW.Formula(_adam, StepCount, learningRate);
        foreach (var block in Blocks)
        {
            if (!block.IsMatrix)
                MomentPass.Run(formula, Of(parameters, block), Of(gradient, block), Of(_momentum, block), Of(_second, block));
        }
    }

    /// <summary>Takes matrices until none is left.</summary>
    public void Execute(int part, int parts)
    {
        for (int place; (place = Interlocked.Increment(ref _next) - 1) < _matrices.Length;)
            _matrices[place].Iteration.Run(Of(_direction, _matrices[place].Block));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var (_, iteration) in _matrices)
            iteration.Dispose();
    }

    private static Span<float> Of(Span<float> values, ParameterBlock block) => values.Slice(block.Offset, block.Length);
}

/// <summary>Settings of <see cref="Muon"/>; the defaults are those of its authors.</summary>
internal sealed record MuonOptions
{
    /// <summary>How much of the momentum is kept each step, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>Decay of the second moment of what is no matrix, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Decoupled weight decay, 0 or more: a step also takes this times the learning rate off each parameter.</summary>
    public double WeightDecay { get; init; }

    internal void Validate()
    {
        OptionRange.Decay.Check(nameof(Momentum), Momentum);
        OptionRange.Decay.Check(nameof(Beta2), Beta2);
        OptionRange.AtLeast(0).Check(nameof(WeightDecay), WeightDecay);
    }
}
