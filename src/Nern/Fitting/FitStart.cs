using System.Numerics.Tensors;
using System.Text.Json;
using Nern.Kernels;
using Nern.Networks;
using Nern.Options;
using Nern.Predictor;
using Nern.Representation;

namespace Nern.Fitting;

/// <summary>
/// A representation with whose predictor a fit begins instead of one that is drawn: of the network before it was trained on, for instance.
/// </summary>
internal sealed class FitStart
{
    private readonly PredictorDesign _design;
    private readonly string _name;
    private readonly Lazy<string> _digest;

    /// <param name="representation">The representation.</param>
    /// <param name="name">What messages call it, at the beginning of a sentence.</param>
    /// <exception cref="NernException">It predicts nothing.</exception>
    internal FitStart(NeuralRepresentation representation, string name = "The representation to begin with")
    {
        _design = representation.Design
            ?? throw new NernException($"{name} has no predictor to begin with: none of its layers is predicted.");
        (Representation, _name) = (representation, name);
        _digest = new(() => NernFile.DigestOf(representation));
    }

    /// <summary>The representation.</summary>
    internal NeuralRepresentation Representation { get; }

    /// <summary>The digest of its file.</summary>
    internal string Digest => _digest.Value;

    /// <summary>Hidden size of its predictor.</summary>
    internal int Hidden => _design.Shape.Hidden;

    /// <summary>What its predictor is; what a predictor does not tell is as in <paramref name="others"/>.</summary>
    internal PredictorOptions Options(PredictorOptions others)
    {
        var (layers, shape) = (_design.Layout.Layers, _design.Shape);
        var units = _design.Layout.HasUnits ? LayerUnits.PowerOfTwo : LayerUnits.One;
        var options = others with
        {
            Layers = layers.Count == LearnableLayer.AllOf(Representation.Graph).Count ? LayerSelection.All : LayerSelection.Named(layers),
            Hidden = shape.Hidden,
            Depth = shape.Depth,
            Activation = shape.Activation,
            Skip = shape.Skip,
            // Where none is smaller all are the same.
            KernelReading = others.Layout(layers).Reading == _design.Reading ? others.KernelReading : _design.Reading,
            LayerUnits = others.UnitsOf(_design.Layout) == units ? others.LayerUnits : units,
            Ordering = _design.Orderings[0].Kind,
            Coordinates = _design.Normalization,
            EmbeddingKind = _design.Embedding.Kind,
            EmbeddingLevels = _design.Embedding.Levels,
        };
        var values = _design.Layout.ValueOrders is null ? ValueOrder.None : ValueOrder.Sorted;
        options = options with
        {
            ValueOrder = options.ValuesOrdered == values ? others.ValueOrder : values,
            // Means may be added where they are asked for, not taken away.
            FilterMeans = (_design.Layout.Means, options.MeansFrom) switch
            {
                (not null, FilterMeans.Predicted) => FilterMeans.Stored,
                (null, FilterMeans.Stored) when others.FilterMeans is null => FilterMeans.Predicted,
                _ => others.FilterMeans,
            },
        };
        return _design.Embedding switch
        {
            PositionalEmbedding positional => options with { EmbeddingBase = positional.Base },
            GaussianEmbedding gaussian => options with
            {
                EmbeddingScales = new(Scale(gaussian, 0), Scale(gaussian, 1), Scale(gaussian, 2)),
            },
            _ => options,
        };
    }

    /// <summary>Makes sure that a fit with these options can go on with the predictor; only its hidden size may grow.</summary>
    /// <exception cref="NernException">It cannot; the message says in what they differ.</exception>
    internal void Check(PredictorOptions options, Graph graph)
    {
        var (layers, convolutions) = (_design.Layout.Layers, LearnableLayer.AllOf(graph).ToDictionary(layer => layer.Name));
        foreach (var layer in layers)
        {
            if (!convolutions.TryGetValue(layer.Name, out var found))
                throw new NernException($"{_name} predicts the layer '{layer.Name}'; the network has no convolution of that name.");
            if (found != layer)
                throw new NernException(
                    $"{_name} predicts the layer '{layer.Name}' with {Kernels(layer)}; in the network it has {Kernels(found)}.");
        }
        var selected = options.Layers.Of(graph);
        if (selected.Except(layers).FirstOrDefault() is { } more)
            throw new NernException(
                $"{_name} does not predict the layer '{more.Name}' of the network, which the layers '{options.Layers}' include.");
        if (layers.Except(selected).FirstOrDefault() is { } less)
            throw new NernException($"{_name} predicts the layer '{less.Name}', which the layers '{options.Layers}' leave out.");
        if (options.Hidden < Hidden)
            throw new NernException(
                $"{_name} has a predictor of hidden size {Hidden}, which may grow and not shrink; asked for is hidden {options.Hidden}.");
        var own = Options(options) with { Layers = options.Layers, Hidden = options.Hidden };
        foreach (var option in OptionSet<PredictorOptions>.All)
            if (!Equals(option.Get(own), option.Get(options)))
                throw new NernException(
                    $"{_name} has a predictor with {Text(option.Name)} {Shown(option.Get(own))}; only hidden may grow, and means of filters be added; "
                    + $"asked for is {Text(option.Name)} {Shown(option.Get(options))}.");
    }

    /// <summary>Where in its parameters weights are 0.</summary>
    internal int[] Zeros()
    {
        var parameters = Representation.Parameters;
        return
        [
            .. _design.Shape.Weights.SelectMany(weight => Enumerable.Range(weight.Offset, weight.Count))
                .Where(place => parameters.Span[place] == 0),
        ];
    }

    /// <summary>The predictor with as many hidden units, for a network whose filters have other means.</summary>
    internal PredictorDesign Design(PredictorOptions options, Network network) => new(
        options.WithMeans(_design.Layout, network), _design.Orderings, _design.Normalization, _design.Embedding, options.Hidden, _design.Shape.Depth, _design.Shape.Activation,
        _design.Shape.Skip);

    /// <summary>Writes the first parameters of a predictor with as many hidden units or more, which predicts the same.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="kind">How what more units take of those before them is drawn.</param>
    /// <param name="parameters">Receives them.</param>
    /// <param name="generator">Where what is drawn comes from.</param>
    internal void Write(PredictorShape shape, Initialization kind, Span<float> parameters, Generator generator)
    {
        if (shape.Hidden > Hidden)
            PredictorInitialization.Draw(shape, kind, parameters, generator);
        PredictorInitialization.Widen(_design.Shape, Representation.Parameters.Span, shape, parameters);
    }

    /// <summary>The deviation that an axis's frequencies have.</summary>
    private static double Scale(GaussianEmbedding embedding, int axis) =>
        TensorPrimitives.Norm(embedding.Frequencies.Span.Slice(axis * embedding.Levels, embedding.Levels)) / Math.Sqrt(embedding.Levels);

    private static string Kernels(LearnableLayer layer) =>
        $"{layer.Filters} x {layer.Channels} kernels of {layer.KernelHeight}x{layer.KernelWidth}";

    private static string Shown(object? value) =>
        value is Enum choice ? Text(choice.ToString()) : JsonSerializer.Serialize(value, OptionJson.Options);

    /// <summary>A name as options are written.</summary>
    private static string Text(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
