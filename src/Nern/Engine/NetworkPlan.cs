using Nern.Engine.Operations;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>
/// A network compiled for one batch size and precision: every primitive, order and buffer is made once; running it walks
/// flat lists and allocates nothing.
/// </summary>
internal sealed class NetworkPlan : IDisposable
{
    private readonly Step[] _weightSteps, _forwardSteps, _backwardSteps, _gradientSteps;
    private readonly Memory[] _gradientTotals;
    private readonly Resources _owned;
    private readonly Memory _images, _logits;
    private readonly Memory? _logitGradient;

    private NetworkPlan(PlanBuilder builder, IReadOnlyList<Operation> operations, IReadOnlyList<FeatureMap> maps, bool backward)
    {
        Batch = builder.Batch;
        FeatureMaps = maps;
        Graph = builder.Network.Graph;
        foreach (var operation in operations)
        {
            operation.Forward(builder);
            if (operation is ConvolutionOperation { Learnable: true } || operation.Inputs.Any(builder.NeedsGradient.Contains))
                builder.NeedsGradient.Add(operation.Output);
        }
        Values = builder;
        var last = Graph.Nodes.Count - 1;
        _images = builder.Images;
        var plain = MemoryDescriptor.RowMajor(DataType.Float32, builder.Dimensions(last));
        _logits = builder.Reordered(builder.Value(last), plain, builder.ForwardSteps);
        if (backward)
        {
            _logitGradient = builder.RentGradient(plain);
            // Written from outside before each backward pass: never to be reused within one.
            builder.Contribute(last, _logitGradient, shared: true);
            foreach (var operation in operations.Reverse())
                operation.Backward(builder);
        }
        Layers = [.. operations.OfType<ConvolutionOperation>().Where(o => o.Learnable).Select(o => o.Weights!)];
        _weightSteps = [.. builder.WeightSteps];
        _forwardSteps = [.. builder.ForwardSteps];
        _backwardSteps = [.. builder.BackwardSteps];
        _gradientSteps = [.. builder.GradientSteps];
        _gradientTotals = [.. builder.GradientTotals];
        _owned = builder.Owned;
        LoadWeights();
    }

    /// <summary>Images a run takes.</summary>
    internal int Batch { get; }

    /// <summary>The architecture.</summary>
    internal Graph Graph { get; }

    /// <summary>The feature maps that are compared; of a reconstruction's plan only.</summary>
    internal IReadOnlyList<FeatureMap> FeatureMaps { get; }

    /// <summary>The convolutions whose weights can be loaded anew.</summary>
    internal IReadOnlyList<ConvolutionWeights> Layers { get; }

    /// <summary>The images of the next run: float32, [batch, channels, height, width].</summary>
    internal Span<float> Images => _images.AsSpan<float>();

    /// <summary>The logits of the last run: [batch, classes].</summary>
    internal ReadOnlySpan<float> Logits => _logits.AsSpan<float>();

    /// <summary>The gradient of the loss with respect to the logits, for <see cref="Backward"/>: [batch, classes].</summary>
    internal Span<float> LogitGradient => _logitGradient!.AsSpan<float>();

    /// <summary>Where values lie, for a plan that is compared with this one.</summary>
    private PlanBuilder Values { get; }

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _weightSteps, .. _forwardSteps, .. _backwardSteps, .. _gradientSteps];

    /// <summary>A plan that only classifies; the weights of <paramref name="changing"/> convolutions can be loaded anew.</summary>
    internal static NetworkPlan Inference(
        CpuEngine engine, Network network, int batch, Precision precision, IReadOnlySet<string>? changing = null) =>
        Compile(engine, network, batch, precision, fuseRelu: true, changing ?? new HashSet<string>(), null);

    /// <summary>A plan for the original, which keeps the values before each ReLU.</summary>
    internal static NetworkPlan Original(CpuEngine engine, Network network, int batch, Precision precision) =>
        Compile(engine, network, batch, precision, fuseRelu: false, new HashSet<string>(), null);

    /// <summary>
    /// A plan for the reconstruction: forward and backward, with feature maps compared with those of
    /// <paramref name="original"/>, whose images it shares. Feature maps are the inputs of every ReLU (a value that is a sum
    /// counts twice, as in the released code).
    /// </summary>
    internal static NetworkPlan Reconstruction(
        CpuEngine engine, Network network, NetworkPlan original, Precision precision, IReadOnlySet<string> learnable) =>
        Compile(engine, network, original.Batch, precision, fuseRelu: false, learnable, original);

    /// <summary>Carries newly loaded weights into the orders the primitives want.</summary>
    internal void LoadWeights() => Run(_weightSteps);

    /// <summary>Images to logits.</summary>
    internal void Forward() => Run(_forwardSteps);

    /// <summary>Adds this micro-batch's weight gradients to the totals.</summary>
    internal void Backward() => Run(_backwardSteps);

    /// <summary>Clears the totals before the first micro-batch of a step.</summary>
    internal void ClearGradients()
    {
        foreach (var total in _gradientTotals)
            total.AsSpan<float>().Clear();
    }

    /// <summary>Carries the totals to where the layers read them, after the last micro-batch.</summary>
    internal void FinishGradients() => Run(_gradientSteps);

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static NetworkPlan Compile(
        CpuEngine engine, Network network, int batch, Precision precision, bool fuseRelu, IReadOnlySet<string> learnable, NetworkPlan? original)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var shape = network.Graph.InputShape;
        var images = original?._images
            ?? new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, batch, shape.Channels, shape.Height, shape.Width));
        var builder = new PlanBuilder(engine, network, batch, precision.DataType()) { Images = images };
        if (original is null)
            builder.Own(images);
        else
            builder.SetValue(0, original.Values.Value(0));
        FeatureMap[] maps = original is null
            ? []
            : [.. network.Graph.Nodes.OfType<Relu>().Select(relu => relu.Inputs[0]).Distinct().Select(
                node => new FeatureMap(node, original.Values.Value(node), network.Graph.Nodes[node] is Add ? 2 : 1, batch))];
        return new NetworkPlan(builder, Lowering.Lower(network, fuseRelu, learnable, maps), maps, backward: original is not null);
    }

    private static void Run(Step[] steps)
    {
        foreach (var step in steps)
            step.Run();
    }
}
