using System.Numerics.Tensors;
using Nern.Kernels;
using Nern.Networks;
using Nern.Options;
using Nern.Orderings;
using Nern.Paths;
using Nern.Predictor;
using Nern.Representation;

namespace Nern.Fitting;

/// <summary>What the predictor is, and what it is asked (paper, sections 3.1 and 3.3).</summary>
public sealed record PredictorOptions
{
    // Any number.
    private const ulong EmbeddingSeed = 0x656D626564;
    private const double UsualBase = 1.16, UsualExtent = 64;

    /// <summary>The convolutions that the predictor gives; the others stay as they are.</summary>
    [Option(
        "Convolutions that the predictor gives; the others are stored as they are. A term is all, kernel=HEIGHTxWIDTH, or a name with "
        + "* for any letters; a - before it leaves those layers out.",
        "All of them, as in the paper's networks for CIFAR; its ResNet-18 is kernel=3x3.")]
    public LayerSelection Layers { get; init; } = LayerSelection.All;

    /// <summary>Hidden size.</summary>
    [Option(
        "Hidden size of the predictor: the larger, the better the reconstruction and the larger the file.",
        "Half the size of ResNet-20; the paper's tables for it start from here.", Paper = "3.1", From = 1,
        To = PredictorShape.LargestHidden)]
    public int Hidden { get; init; } = 160;

    /// <summary>Linear layers.</summary>
    [Option("Linear layers of the predictor.", "The paper's.", Paper = "3.1", From = 2, To = PredictorShape.LargestDepth)]
    public int Depth { get; init; } = 5;

    /// <summary>What stands between the layers.</summary>
    [Option(
        "What follows each hidden layer.",
        "GELU comes much closer to the weights in as many steps than the paper's ReLU (docs/recipe.md).", Paper = "3.1")]
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>What is added behind the activations of hidden layers but the first.</summary>
    [Option(
        "What is added to each hidden layer but the first: nothing, the one before, or the first.",
        "The paper's; docs/recipe.md has the others.", Paper = "3.1")]
    public SkipKind Skip { get; init; } = SkipKind.None;

    /// <summary>How kernels smaller than the predictor's output are read from it.</summary>
    [Option(
        "How smaller kernels are read from the values of the largest: from their middle, as averages or maxima of parts of them, or as a "
        + "block of neighbouring channels, as many as fit.",
        "Blocks are fewer to ask for: closer in as many steps without an ordering, smaller orderings with one (docs/recipe.md). The paper "
        + "has the middle.",
        Paper = "3.1")]
    public KernelReading KernelReading { get; init; } = KernelReading.Block;

    /// <summary>What the predictor's values are in; null for units of layers where small kernels are read in blocks.</summary>
    [Option(
        "What the predictor's values are in: the weights' own unit, or for each layer the power of two nearest to the root mean square of its "
        + "weights, which the file has. Auto is the latter where small kernels are read in blocks.",
        "Networks of small kernels come closer to the weights in as many steps; those of one kernel size do not (docs/recipe.md). The "
        + "paper has the weights' own.",
        Paper = "3.1")]
    public LayerUnits? LayerUnits { get; init; }

    /// <summary>The order in which the predictor meets kernels (paper, table 1).</summary>
    [Option(
        "Order in which the predictor meets kernels: the smoother, the easier to fit; stored in the file. Axes orders whole filters and whole channels.",
        "Cross-filter is the smoothest and the best in the paper's tables; axes takes next to no bytes (docs/compression.md).", Paper = "3.3")]
    public OrderingKind Ordering { get; init; } = OrderingKind.CrossFilter;

    /// <summary>The order of the values of a kernel, or of a block of small ones; null for sorted where kernels have an order of their own.</summary>
    [Option(
        "Order of the values within a kernel, or a block of small ones: as they are, or from the least to the largest, which takes the file two more bits a "
        + "weight where the largest kernel has nine values. Auto is sorted where the ordering is cross-filter or in-filter.",
        "Sorted, weights come more than twice as close in as many steps, which would take a far larger predictor (docs/recipe.md).")]
    public ValueOrder? ValueOrder { get; init; }

    /// <summary>Where the mean of a filter comes from; null for the file where kernels have an order of their own.</summary>
    [Option(
        "Where the mean of each filter's weights comes from: the predictor, like all else, or a float a filter in the file, to which what is predicted is shifted. "
        + "Auto is stored where the ordering is cross-filter or in-filter.",
        "The errors of a predictor are much alike from kernel to kernel, and a filter adds them up (docs/recipe.md).")]
    public FilterMeans? FilterMeans { get; init; }

    /// <summary>What coordinates are divided by.</summary>
    [Option("What coordinates are divided by: the extent of their layer, that of the largest, nothing.", "The paper's.", Paper = "3.1")]
    public CoordinateNormalization Coordinates { get; init; } = CoordinateNormalization.Local;

    /// <summary>How coordinates are embedded.</summary>
    [Option(
        "How a coordinate is embedded: by powers of one frequency, or by frequencies drawn at random (Tancik et al., 2020).",
        "The paper's.", Paper = "3.1, equation 1")]
    public EmbeddingKind EmbeddingKind { get; init; } = EmbeddingKind.Positional;

    /// <summary>
    /// Gaussian embedding only: how far its frequencies spread, axis by axis. By default as far as those of the positional embedding
    /// with its defaults, whose root mean square is 7.8 periods over the unit interval.
    /// </summary>
    [Option(
        "With a Gaussian embedding, the standard deviations of the frequencies of layer, filter and channel, in periods over a layer.",
        "A start; what suits a network is to be tried.", Shape = "L,F,C", From = 0, To = GaussianEmbedding.LargestScale)]
    public EmbeddingScales EmbeddingScales { get; init; } = new(8, 8, 8);

    /// <summary>b of equation 1; null for one by the size of the layers (<see cref="EmbeddingBaseOf"/>).</summary>
    [Option(
        "Ratio of one frequency of the positional embedding to the one before. Auto is 1.16, and of layers of more than 64 filters or channels "
        + "such that the highest frequency grows with them.",
        "Above 1 the fit is far quicker (docs/recipe.md); the released configurations have 0.76.",
        Paper = "3.1, equation 1 (b)", Shape = "B", Above = 0, To = PositionalEmbedding.LargestBase)]
    public double? EmbeddingBase { get; init; }

    /// <summary>N of equation 1; the number of frequencies of either embedding.</summary>
    [Option("Frequencies of the positional embedding.", "The paper's.", Paper = "3.1, equation 1 (N)", From = 1, To = Embedding.MostLevels)]
    public int EmbeddingLevels { get; init; } = 40;

    /// <summary>How the first parameters are drawn (paper, appendix B).</summary>
    [Option(
        "First parameters: matched to mean and variance of the weights, or PyTorch's.",
        "The paper's: a fit need not find the scale of the weights first.", Paper = "Appendix B")]
    public Initialization Initialization { get; init; } = Initialization.Matched;

    /// <summary>The options of a fit that begins with a representation's predictor; only <see cref="Hidden"/> may be larger.</summary>
    /// <exception cref="NernException">It has none.</exception>
    public static PredictorOptions Of(NeuralRepresentation representation) => new FitStart(representation).Options(new());

    /// <summary>How the kernels of <paramref name="layers"/> lie in the predictor's output.</summary>
    internal KernelLayout Layout(IReadOnlyList<LearnableLayer> layers) => new(layers, KernelReading);

    /// <summary>How the kernels of the layers that are learnt of <paramref name="network"/> lie in it, in what units, their values in which order.</summary>
    internal KernelLayout Layout(Network network)
    {
        var layout = Layout(Layers.Of(network.Graph));
        var weights = layout.Layers.Select(layer => network.Values(layer.Weight));
        if (UnitsOf(layout) != Fitting.LayerUnits.One)
            layout = new(layout.Layers, KernelReading, [.. weights.Select(Exponent)]);
        layout = WithMeans(layout, network);
        return ValuesOrdered == Fitting.ValueOrder.None ? layout
            : layout.With([.. weights.Select((values, l) => (ReadOnlyMemory<int>)SortedValues.OrderOf(layout, l, values))]);
    }

    /// <summary>The layout with the means of the filters of <paramref name="network"/>, or without, as it is asked for.</summary>
    internal KernelLayout WithMeans(KernelLayout layout, Network network) => layout.WithMeans(
        MeansFrom == Fitting.FilterMeans.Predicted ? null : [.. layout.Layers.Select(layer => (ReadOnlyMemory<float>)Means(network.Values(layer.Weight), layer.Filters))]);

    /// <summary>The order of the values of kernels.</summary>
    internal ValueOrder ValuesOrdered => ValueOrder ?? (OrdersKernels ? Fitting.ValueOrder.Sorted : Fitting.ValueOrder.None);

    /// <summary>Where the means of filters come from.</summary>
    internal FilterMeans MeansFrom => FilterMeans ?? (OrdersKernels ? Fitting.FilterMeans.Stored : Fitting.FilterMeans.Predicted);

    // Without orders of kernels a file is to be small.
    private bool OrdersKernels => Ordering is OrderingKind.CrossFilter or OrderingKind.InFilter;

    /// <summary>The units of kernels that lie so.</summary>
    internal LayerUnits UnitsOf(KernelLayout layout) =>
        LayerUnits ?? (layout.Reading == KernelReading.Block ? Fitting.LayerUnits.PowerOfTwo : Fitting.LayerUnits.One);

    /// <summary>The predictor asked for.</summary>
    /// <param name="layout">What it gives.</param>
    /// <param name="seed">Where what is random of it comes from.</param>
    /// <param name="orderings">For each layer the order in which it meets the kernels; null for none.</param>
    internal PredictorDesign CreateDesign(KernelLayout layout, ulong seed, IReadOnlyList<Ordering>? orderings = null) => new(
        layout, orderings ?? [.. layout.Layers.Select((layer, l) => Orderings.Ordering.None(layer.Filters, layout.Blocks[l]))], Coordinates,
        CreateEmbedding(seed, EmbeddingBaseOf(layout)), Hidden, Depth, Activation, Skip);

    /// <summary>
    /// The base of the positional embedding where none is given. Neighbours in a layer of n filters are 1 / n apart, so that its highest frequency, the base
    /// to the power of the levels but one, is as many times the extent of the largest layer as with a base of 1.16 and 64 filters.
    /// </summary>
    internal double EmbeddingBaseOf(KernelLayout layout)
    {
        var extent = layout.Layers.Select((layer, l) => Math.Max(layer.Filters, layout.Blocks[l])).Max();
        return EmbeddingBase ?? Math.Min(
            PositionalEmbedding.LargestBase, UsualBase * Math.Pow(Math.Max(1, extent / UsualExtent), 1.0 / Math.Max(1, EmbeddingLevels - 1)));
    }

    /// <summary>Checks what values are together.</summary>
    /// <exception cref="NernException">They are out of range.</exception>
    internal void Check()
    {
        var scales = new OptionRange(0, GaussianEmbedding.LargestScale);
        foreach (var scale in new[] { EmbeddingScales.Layer, EmbeddingScales.Filter, EmbeddingScales.Channel })
            scales.Check(nameof(EmbeddingScales), scale);
        _ = new PredictorShape(1, Hidden, 1, Depth);
        _ = CreateEmbedding(seed: 0, EmbeddingBase ?? UsualBase);
    }

    private static float[] Means(float[] weights, int filters) =>
        [.. weights.Chunk(weights.Length / filters).Select(filter => (float)filter.Average(weight => (double)weight))];

    /// <summary>That of the power of two nearest to the root mean square of weights; 0 where they are all 0.</summary>
    private static int Exponent(float[] weights)
    {
        var exponent = Math.Log2(TensorPrimitives.Norm<float>(weights) / Math.Sqrt(weights.Length));
        return double.IsFinite(exponent)
            ? (int)Math.Clamp(Math.Round(exponent), -KernelLayout.LargestExponent, KernelLayout.LargestExponent) : 0;
    }

    // A stream of its own, so that the embedding shifts no other draw.
    private Embedding CreateEmbedding(ulong seed, double frequencyBase) => EmbeddingKind == EmbeddingKind.Gaussian
        ? EmbeddingScales.Draw(EmbeddingLevels, new Generator(seed ^ EmbeddingSeed))
        : new PositionalEmbedding(frequencyBase, EmbeddingLevels);
}
