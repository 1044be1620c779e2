using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Nern.Options;

namespace Nern.Optimizers;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, <i>Decoupled Weight Decay Regularization</i>, 2019, algorithm 2).
/// Leaves the gradient as it was.
/// </summary>
internal sealed class AdamW : Optimizer
{
    private readonly AdamWOptions _options;
    private readonly float[] _first, _second;

    /// <summary>Makes an optimiser of the tensors that <paramref name="blocks"/> describes.</summary>
    /// <exception cref="NernException">An option is out of range.</exception>
    public AdamW(IReadOnlyList<ParameterBlock> blocks, AdamWOptions? options = null)
        : base(blocks)
    {
        _options = options ?? new AdamWOptions();
        _options.Validate();
        _first = new float[ParameterCount];
        _second = new float[ParameterCount];
        State = [("first_moment", _first), ("second_moment", _second)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Memory<float> Values)> State { get; }

    /// <inheritdoc/>
    protected override void Start(ReadOnlySpan<float> parameters)
    {
        Array.Clear(_first);
        Array.Clear(_second);
    }

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, Span<float> gradient, float learningRate)
    {
        var formula = new Formula(_options, StepCount, learningRate);
        MomentPass.Run(formula, parameters, gradient, _first, _second);
    }

    /// <summary>A step of sixteen parameters.</summary>
    internal readonly struct Formula(AdamWOptions options, long step, float learningRate) : IMomentUpdate
    {
        private readonly float _beta1 = (float)options.Beta1;
        private readonly float _blend1 = (float)(1 - options.Beta1);
        private readonly float _beta2 = (float)options.Beta2;
        private readonly float _blend2 = (float)(1 - options.Beta2);
        private readonly float _epsilon = (float)options.Epsilon;
        private readonly float _decay = (float)(options.WeightDecay * learningRate);
        private readonly float _rate = (float)(learningRate / (1 - Math.Pow(options.Beta1, step)));
        private readonly float _rootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, step)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
        {
            var m = first * _beta1 + gradient * _blend1;
            var v = second * _beta2 + gradient * gradient * _blend2;
            var direction = m / (Vector512.Sqrt(v) * _rootCorrection + Vector512.Create(_epsilon));
            parameter -= direction * _rate + parameter * _decay;
            first = m;
            second = v;
        }
    }
}

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
