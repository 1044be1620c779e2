using Nern.Engine.Stages;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>
/// A network compiled for one batch size and precision: every primitive, layout and buffer is made once; running it walks
/// flat lists and allocates nothing.
/// </summary>
internal sealed class NetworkPlan : IDisposable
{
    private readonly Step[] _weightSteps, _forwardSteps, _backwardSteps;
    private readonly Resources _owned;
    private readonly Memory _images, _logits;
    private readonly Memory? _logitGradient;

    // Forward steps by stage, then those behind the last, for a plan that runs them alongside its own.
    private readonly List<Step[]> _forwardStepsByOperation = [];

    private NetworkPlan(PlanBuilder builder, IReadOnlyList<Stage> stages, IReadOnlyList<FeatureMap> maps, NetworkPlan? original)
    {
        Batch = builder.Batch;
        FeatureMaps = maps;
        Graph = builder.Network.Graph;
        var last = Graph.Nodes.Count - 1;
        builder.Keep(last);
        foreach (var stage in stages)
            foreach (var input in stage.Inputs)
                builder.Keep(input);
        foreach (var stage in stages)
        {
            stage.Forward(builder);
            TakeForwardSteps(builder, original, stage.TakesOriginalAlong);
            foreach (var input in stage.Inputs)
                builder.DoneReading(input);
            if (stage.Learns || stage.Inputs.Any(builder.NeedsGradient.Contains))
                builder.NeedsGradient.Add(stage.Output);
        }
        Values = builder;
        _images = builder.Images;
        var plain = MemoryDescriptor.RowMajor(DataType.Float32, builder.Dimensions(last));
        _logits = builder.Reordered(builder.Value(last), plain, builder.ForwardSteps);
        TakeForwardSteps(builder, original, takesOriginalAlong: false);
        if (builder.HasBackward)
        {
            _logitGradient = builder.Rent(plain);
            // Written from outside before each backward pass: never to be reused within one.
            builder.Contribute(last, _logitGradient, shared: true);
            foreach (var stage in stages.Reverse())
                stage.Backward(builder);
        }
        Layers = [.. stages.OfType<ConvolutionStage>().Where(o => o.Learnable).Select(o => o.Weights!)];
        _weightSteps = [.. builder.WeightSteps];
        _forwardSteps = [.. _forwardStepsByOperation.SelectMany(steps => steps)];
        _backwardSteps = [.. builder.BackwardSteps];
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

    /// <summary>The logits of the last run: [batch, logits].</summary>
    internal ReadOnlySpan<float> Logits => _logits.AsSpan<float>();

    /// <summary>The gradient of the loss with respect to the logits, for <see cref="Backward"/>: [batch, logits].</summary>
    internal Span<float> LogitGradient => _logitGradient!.AsSpan<float>();

    /// <summary>Where values lie, for a plan that is compared with this one.</summary>
    private PlanBuilder Values { get; }

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _weightSteps, .. _forwardSteps, .. _backwardSteps];

    /// <summary>A plan that only classifies; the weights of <paramref name="changing"/> convolutions can be loaded anew.</summary>
    internal static NetworkPlan Inference(
        CpuEngine engine, Network network, int batch, Precision precision, IReadOnlySet<string>? changing = null) =>
        Compile(engine, network, batch, precision, fuseRelu: true, changing ?? new HashSet<string>(), null);

    /// <summary>A plan for the original, which keeps the values before each ReLU.</summary>
    internal static NetworkPlan Original(CpuEngine engine, Network network, int batch, Precision precision) =>
        Compile(engine, network, batch, precision, fuseRelu: false, new HashSet<string>(), null);

    /// <summary>
    /// A plan for the reconstruction: forward and backward, with feature maps compared with those of
    /// <paramref name="original"/>, whose images it shares. Its forward pass runs the original's alongside, stage by
    /// stage, so that both maps are still in the cache when they are compared. Feature maps are the inputs of every ReLU;
    /// with <paramref name="sumsTwice"/> one that is a sum counts twice, as in the released code.
    /// </summary>
    internal static NetworkPlan Reconstruction(
        CpuEngine engine, Network network, NetworkPlan original, Precision precision, IReadOnlySet<string> learnable,
        bool sumsTwice = true) =>
        Compile(engine, network, original.Batch, precision, fuseRelu: false, learnable, original, sumsTwice);

    /// <summary>
    /// A plan for a reconstruction whose <paramref name="parameters"/> all change and have gradients; it is compared with
    /// <paramref name="original"/>, each feature map once. The network has no batch normalisation.
    /// </summary>
    internal static NetworkPlan Tuning(
        CpuEngine engine, Network network, NetworkPlan original, Precision precision, NetworkParameters parameters) =>
        Compile(
            engine, network, original.Batch, precision, fuseRelu: false,
            network.Graph.Nodes.Where(node => node is Convolution or Gemm).Select(node => node.Name).ToHashSet(), original, sumsTwice: false,
            parameters);

    /// <summary>
    /// A plan that trains all of a network's parameters: forward with batch normalisation by the batch's own statistics, which the
    /// running ones follow, and backward to every gradient.
    /// </summary>
    internal static NetworkPlan Training(CpuEngine engine, Network network, NetworkParameters parameters, int batch, Precision precision)
    {
        var images = ImagesOf(engine, network, batch);
        var builder = new PlanBuilder(
            engine, network, batch, precision.DataType(), backward: true)
        { Images = images, Parameters = parameters };
        builder.Own(images);
        return new NetworkPlan(builder, Lowering.LowerForTraining(network), [], null);
    }

    /// <summary>Carries newly loaded weights into the layouts the primitives want.</summary>
    internal void LoadWeights() => Run(_weightSteps);

    /// <summary>Images to logits; for a reconstruction's plan, to those of both networks.</summary>
    internal void Forward() => Run(_forwardSteps);

    /// <summary>From the gradient at the logits to those of the layers.</summary>
    internal void Backward() => Run(_backwardSteps);

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static NetworkPlan Compile(
        CpuEngine engine, Network network, int batch, Precision precision, bool fuseRelu, IReadOnlySet<string> learnable,
        NetworkPlan? original, bool sumsTwice = true, NetworkParameters? parameters = null)
    {
        var images = original?._images ?? ImagesOf(engine, network, batch);
        var builder = new PlanBuilder(engine, network, batch, precision.DataType(), backward: original is not null)
        {
            Images = images,
            Parameters = parameters,
        };
        if (original is null)
            builder.Own(images);
        else
            builder.SetValue(0, original.Values.Value(0));
        FeatureMap[] maps = original is null
            ? []
            : [.. network.Graph.Nodes.Index().Where(node => node.Item is Relu).DistinctBy(relu => relu.Item.Inputs[0]).Select(
                relu => new FeatureMap(
                    relu.Item.Inputs[0], relu.Index, original.Values.Value(relu.Item.Inputs[0]), original.Values.Value(relu.Index),
                    sumsTwice && network.Graph.Nodes[relu.Item.Inputs[0]] is Add ? 2 : 1, batch))];
        return new NetworkPlan(builder, Lowering.Lower(network, fuseRelu, learnable, maps), maps, original);
    }

    private static Memory ImagesOf(CpuEngine engine, Network network, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var shape = network.Graph.InputShape;
        return new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, batch, shape.Channels, shape.Height, shape.Width));
    }

    private void TakeForwardSteps(PlanBuilder builder, NetworkPlan? original, bool takesOriginalAlong)
    {
        Step[] own = [.. builder.ForwardSteps];
        builder.ForwardSteps.Clear();
        _forwardStepsByOperation.Add(original is null || takesOriginalAlong
            ? own
            : [.. original._forwardStepsByOperation[_forwardStepsByOperation.Count], .. own]);
    }

    private static void Run(Step[] steps)
    {
        foreach (var step in steps)
            step.Run();
    }
}
