using Nern.Kernels;
using Nern.Orderings;

namespace Nern.Predictor;

/// <summary>Everything about a predictor but its parameters: which kernels it gives, where they lie, how they are embedded.</summary>
public sealed class PredictorDesign
{
    /// <summary>Joins the parts.</summary>
    /// <param name="layout">The kernels it gives, and how they lie in its output.</param>
    /// <param name="orderings">For each layer the order in which the predictor meets its kernels.</param>
    /// <param name="normalization">What coordinates are divided by.</param>
    /// <param name="embedding">The embedding of a coordinate.</param>
    /// <param name="hidden">Hidden size.</param>
    /// <param name="depth">Linear layers.</param>
    /// <param name="activation">What stands between them.</param>
    /// <param name="skip">What is added behind it.</param>
    /// <exception cref="NernException">The parts do not fit together.</exception>
    public PredictorDesign(
        KernelLayout layout, IReadOnlyList<Ordering> orderings, CoordinateNormalization normalization,
        Embedding embedding, int hidden, int depth, Activation activation = Activation.Relu, SkipKind skip = SkipKind.None)
    {
        var layers = layout.Layers;
        if (orderings.Count != layers.Count)
            throw new NernException($"{layers.Count} layers need as many orderings; got {orderings.Count}.");
        for (var l = 0; l < layers.Count; l++)
            if ((orderings[l].Filters, orderings[l].Channels) != (layers[l].Filters, layout.Blocks[l]))
                throw new NernException(
                    $"{layers[l].Name} has {layers[l].Filters} x {layout.Blocks[l]} kernels; its ordering has {orderings[l].Filters} x "
                    + $"{orderings[l].Channels}.");
        if (orderings.FirstOrDefault(ordering => ordering.Kind != orderings[0].Kind) is { } other)
            throw new NernException($"All orderings of a predictor are of one kind; these are {orderings[0].Kind} and {other.Kind}.");
        Layout = layout;
        Orderings = orderings;
        Normalization = normalization;
        Embedding = embedding;
        Shape = new PredictorShape(Coordinates.Axes * embedding.Size, hidden, Layout.RowSize, depth)
        {
            Activation = activation,
            Skip = skip,
        };
    }

    /// <summary>The kernels.</summary>
    public KernelLayout Layout { get; }

    /// <summary>For each layer the order in which the predictor meets its kernels.</summary>
    public IReadOnlyList<Ordering> Orderings { get; }

    /// <summary>What coordinates are divided by.</summary>
    public CoordinateNormalization Normalization { get; }

    /// <summary>The embedding of a coordinate.</summary>
    public Embedding Embedding { get; }

    /// <summary>How kernels smaller than the largest are read from the predictor's output.</summary>
    public KernelReading Reading => Layout.Reading;

    /// <summary>The predictor's shape.</summary>
    public PredictorShape Shape { get; }

    /// <summary>The coordinates of all kernels.</summary>
    public Coordinates CreateCoordinates() => new(Orderings, Normalization);

    /// <summary>The order in which the predictor meets the kernels of a layer one by one, those of a block in turn.</summary>
    internal Ordering OrderOfKernels(int layer)
    {
        var (of, channels) = (Layout.Layers[layer], Layout.ChannelsOfBlocks[layer]);
        // The order of a row's values is one of kernels where each is one value.
        var sorts = of.KernelSize == 1 && Layout.ValueOrders is not null;
        if (channels == 1 || (Orderings[layer].Kind == OrderingKind.None && !sorts))
            return channels == 1 ? Orderings[layer] : Ordering.None(of.Filters, of.Channels);
        var kernels = new List<int>(of.Kernels);
        foreach (var block in Orderings[layer].KernelAt)
        {
            var (first, count) = Layout.WeightsOf(layer, block);
            var own = Enumerable.Range(first / of.KernelSize, count / of.KernelSize);
            kernels.AddRange(sorts ? own.OrderBy(kernel => Layout.ValueOrders![layer].Span[kernel]) : own);
        }
        return Ordering.CrossFilter(of.Filters, of.Channels, kernels.ToArray());
    }
}
