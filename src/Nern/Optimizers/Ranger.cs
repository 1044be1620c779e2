using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nern.Optimizers;

/// <summary>
/// Ranger (L. Wright, 2020): rectified Adam, plus Lookahead, plus gradient centralisation of matrices, with decoupled weight decay.
/// With <see cref="RangerOptions.CentralizeGradient"/> the gradient is centred in place.
/// </summary>
internal sealed class Ranger : Optimizer
{
    // A matrix is taken so many rows at a time: the gradient just centred is still in the cache, and a slab has no ragged end.
    private const int SlabRows = 16;

    private readonly RangerOptions _options;
    private readonly float[] _first, _second, _slow;

    /// <summary>Makes an optimiser of the tensors that <paramref name="blocks"/> describes.</summary>
    /// <exception cref="NernException">An option is out of range.</exception>
    public Ranger(IReadOnlyList<ParameterBlock> blocks, RangerOptions? options = null)
        : base(blocks)
    {
        _options = options ?? new RangerOptions();
        _options.Validate();
        _first = new float[ParameterCount];
        _second = new float[ParameterCount];
        _slow = new float[ParameterCount];
        State = [("first_moment", _first), ("second_moment", _second), ("slow_weights", _slow)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Memory<float> Values)> State { get; }

    /// <inheritdoc/>
    protected override void Start(ReadOnlySpan<float> parameters)
    {
        Array.Clear(_first);
        Array.Clear(_second);
        parameters.CopyTo(_slow);
    }

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, Span<float> gradient, float learningRate)
    {
        var formula = new Formula(_options, StepCount, learningRate);
        foreach (var block in Blocks)
        {
            var slab = block.IsMatrix && _options.CentralizeGradient ? SlabRows * block.Columns : block.Length;
            for (var start = block.Offset; start < block.End; start += slab)
            {
                var length = Math.Min(slab, block.End - start);
                var slabGradient = gradient.Slice(start, length);
                if (block.IsMatrix && _options.CentralizeGradient)
                    GradientCentralization.Centralize(slabGradient, block.Columns);
                MomentPass.Run(
                    formula, parameters.Slice(start, length), slabGradient, _first.AsSpan(start, length), _second.AsSpan(start, length));
            }
        }

        if (StepCount % _options.LookaheadSteps == 0)
            Lookahead.Synchronize(parameters, _slow, (float)_options.LookaheadAlpha);
    }

    private readonly struct Formula : IMomentUpdate
    {
        private readonly float _beta1, _blend1, _beta2, _blend2, _epsilon, _decay, _rate;
        private readonly bool _isAdaptive;

        public Formula(RangerOptions options, long step, float learningRate)
        {
            var rectification = new Rectification(options, step);
            _beta1 = (float)options.Beta1;
            _blend1 = (float)(1 - options.Beta1);
            _beta2 = (float)options.Beta2;
            _blend2 = (float)(1 - options.Beta2);
            _epsilon = (float)options.Epsilon;
            _decay = (float)(options.WeightDecay * learningRate);
            _rate = (float)(rectification.StepSize * learningRate);
            _isAdaptive = rectification.IsAdaptive;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
        {
            var m = first * _beta1 + gradient * _blend1;
            var v = second * _beta2 + gradient * gradient * _blend2;
            var direction = _isAdaptive ? m / (Vector512.Sqrt(v) + Vector512.Create(_epsilon)) : m;
            parameter -= direction * _rate + parameter * _decay;
            first = m;
            second = v;
        }
    }
}
