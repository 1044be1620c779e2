using Nern.Kernels;
using Nern.Networks;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// A <see cref="PredictorDesign"/> as the metadata of a .nern file holds it; the rest follows from the graph and the orderings.
/// </summary>
/// <param name="Layers">Names of the convolutions that are predicted.</param>
/// <param name="Ordering">The kind of all orderings.</param>
/// <param name="Coordinates">What coordinates are divided by.</param>
/// <param name="EmbeddingLevels">Frequencies of the embedding.</param>
/// <param name="Hidden">Hidden size.</param>
/// <param name="Depth">Linear layers.</param>
/// <param name="EmbeddingBase">b of the positional embedding; null for the Gaussian one, whose frequencies are a tensor.</param>
/// <param name="Embedding">The kind of embedding; null for the positional one, as in files from before there was a choice.</param>
/// <param name="Activation">What stands between them; null for ReLU.</param>
/// <param name="Skip">What is added behind it; null for nothing.</param>
/// <param name="KernelReading">How smaller kernels are read; null for the middle.</param>
/// <param name="Exponents">For each layer e of its unit 2^e; null where all are 0.</param>
/// <param name="ValueOrders">True where the values of rows have an order of their own, else null.</param>
/// <param name="FilterMeans">True where the means of filters are stored, else null.</param>
internal sealed record DesignRecord(
    IReadOnlyList<string> Layers, OrderingKind Ordering, CoordinateNormalization Coordinates, int EmbeddingLevels,
    int Hidden, int Depth, double? EmbeddingBase = null, EmbeddingKind? Embedding = null, Activation? Activation = null,
    SkipKind? Skip = null,
    KernelReading? KernelReading = null, IReadOnlyList<int>? Exponents = null, bool? ValueOrders = null, bool? FilterMeans = null)
{
    // Each takes some bytes of memory before anything of it is checked against the file; real networks have a few million.
    private const int MostKernels = 1 << 26;

    internal static DesignRecord Of(PredictorDesign design) => new(
        [.. design.Layout.Layers.Select(layer => layer.Name)], design.Orderings[0].Kind, design.Normalization,
        design.Embedding.Levels, design.Shape.Hidden, design.Shape.Depth,
        (design.Embedding as PositionalEmbedding)?.Base, UnlessDefault(design.Embedding.Kind),
        UnlessDefault(design.Shape.Activation), UnlessDefault(design.Shape.Skip), UnlessDefault(design.Reading),
        design.Layout.HasUnits ? design.Layout.Exponents : null, design.Layout.ValueOrders is null ? null : true, design.Layout.Means is null ? null : true);

    /// <summary>The kernels that are predicted, their values in their own order.</summary>
    /// <exception cref="InvalidDataException">The network lacks a layer, one is named twice, or they have too many kernels.</exception>
    internal KernelLayout Layout(Graph graph)
    {
        var convolutions = LearnableLayer.AllOf(graph).ToDictionary(layer => layer.Name);
        var layers = Layers.Select(name => convolutions.GetValueOrDefault(name)
            ?? throw new InvalidDataException($"the network has no convolution {name}.")).ToArray();
        if (layers.Distinct().Count() != layers.Length)
            throw new InvalidDataException("it names a layer twice.");
        if (layers.Sum(layer => (long)layer.Filters * layer.Channels) > MostKernels)
            throw new InvalidDataException($"it names more than {MostKernels} kernels.");
        return new KernelLayout(layers, KernelReading ?? default, Exponents);
    }

    /// <summary>The predictor, with what tensors say of it.</summary>
    internal PredictorDesign Design(Graph graph, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var layout = Layout(graph);
        var (ordered, orderings) = ValueOrders is true ? OrderStream.Read(layout, Ordering, tensors)
            : (layout, [.. layout.Layers.Select(
                (layer, l) => StoredOrdering.Read(layer.Name, layer.Filters, layout.Blocks[l], Ordering, tensors))]);
        return Design(ordered, orderings, tensors);
    }

    /// <summary>The predictor of kernels that lie so, in these orders; of the tensors it takes those of the embedding and the means.</summary>
    internal PredictorDesign Design(
        KernelLayout layout, IReadOnlyList<Ordering> orderings, IReadOnlyDictionary<string, Tensor> tensors) => new(
        FilterMeans is true ? StoredMeans.Read(layout, tensors) : layout, orderings, Coordinates, ReadEmbedding(tensors), Hidden, Depth, Activation ?? default, Skip ?? default);

    private Embedding ReadEmbedding(IReadOnlyDictionary<string, Tensor> tensors) => Embedding == EmbeddingKind.Gaussian
        ? StoredFrequencies.Read(EmbeddingLevels, tensors)
        : new PositionalEmbedding(EmbeddingBase ?? throw new InvalidDataException("its embeddingBase is missing."), EmbeddingLevels);

    /// <summary>
    /// What every predictor was like before there was a choice is left out: so files of such predictors stay as they were.
    /// </summary>
    private static T? UnlessDefault<T>(T value) where T : struct, Enum => value.Equals(default(T)) ? null : value;
}
