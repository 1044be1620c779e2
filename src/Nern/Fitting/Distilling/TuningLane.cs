using System.Numerics.Tensors;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Fitting.Distilling;

/// <summary>A lane whose reconstruction changes in all its parameters, and yields the gradient of all of them.</summary>
internal sealed class TuningLane : DistillationLane
{
    private readonly NetworkParameters _parameters;

    private TuningLane(NetworkPlan original, NetworkPlan reconstruction, NetworkParameters parameters, DistillationTerms terms, int batch)
        : base(original, reconstruction, terms, batch) => _parameters = parameters;

    /// <summary>Compiles a network without batch normalisation twice: as it is, and to be tuned.</summary>
    internal static TuningLane Create(
        CpuEngine engine, Network network, Precision precision, int microBatch, DistillationTerms terms, int batch)
    {
        var parameters = new NetworkParameters(engine, network);
        var original = NetworkPlan.Original(engine, network, microBatch, precision);
        return new(original, NetworkPlan.Tuning(engine, network, original, precision, parameters), parameters, terms, batch);
    }

    /// <inheritdoc/>
    internal override void AddGradients(Span<float> sum) => TensorPrimitives.Add(sum, _parameters.Gradients, sum);

    /// <inheritdoc/>
    private protected override void Write(ReadOnlySpan<float> weights) => weights.CopyTo(_parameters.Values);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _parameters.Dispose();
    }
}
