using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nern.Kernels;
using Nern.Networks;

namespace Nern.Fitting;

/// <summary>
/// Which convolutions a predictor gives; the others stay as they are. A selection is terms with commas between them, each of which matches
/// layers: <c>all</c>, <c>kernel=3x3</c> (height x width), or a name in which <c>*</c> stands for any letters; <c>-</c> before it excludes
/// them. A layer is selected if a term includes it, or no term includes any, and none excludes it.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class LayerSelection : IEquatable<LayerSelection>
{
    private readonly LayerTerm[] _terms;

    private LayerSelection(LayerTerm[] terms) => _terms = terms;

    /// <summary>Every convolution.</summary>
    public static LayerSelection All { get; } = Parse("all");

    /// <summary>Reads a selection.</summary>
    /// <exception cref="NernException">A term is none.</exception>
    public static LayerSelection Parse(string text) => TryParse(text, out var selection)
        ? selection
        : throw new NernException(
            $"Layers are selected by terms such as all, kernel=3x3, layer3.* or -conv1, with commas between them; got '{text}'.");

    /// <summary>Reads a selection; false where a term is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LayerSelection? selection)
    {
        var terms = text.Split(',').Select(LayerTerm.Read).OfType<LayerTerm>().ToArray();
        selection = terms.Length == text.Split(',').Length ? new(terms) : null;
        return selection is not null;
    }

    /// <summary>The selection that names each of <paramref name="layers"/>.</summary>
    internal static LayerSelection Named(IEnumerable<LearnableLayer> layers) =>
        new([.. layers.Select(layer => new LayerTerm(Excludes: false, layer.Name))]);

    /// <summary>The layers of <paramref name="graph"/> that are selected, in its order.</summary>
    /// <exception cref="NernException">There are none, or a term matches none: most likely it is misspelt.</exception>
    public IReadOnlyList<LearnableLayer> Of(Graph graph)
    {
        var layers = LearnableLayer.AllOf(graph);
        if (layers.Count == 0)
            return layers;
        if (_terms.FirstOrDefault(term => !layers.Any(term.Matches)) is { } vain)
            throw new NernException($"No convolution of the network matches '{vain}'; {vain.Nearest(layers)}.");
        LearnableLayer[] selected = [.. layers.Where(IsSelected)];
        return selected.Length > 0
            ? selected
            : throw new NernException(
                $"The layers '{this}' leave no convolution to predict; the network has {layers.Count}, from '{layers[0].Name}' to '{layers[^1].Name}', with kernels of {LayerTerm.KernelsOf(layers)}.");
    }

    /// <summary>The terms, so that <see cref="Parse"/> gives the same selection.</summary>
    public override string ToString() => string.Join<LayerTerm>(',', _terms);

    /// <inheritdoc/>
    public bool Equals(LayerSelection? other) => other is not null && _terms.AsSpan().SequenceEqual(other._terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LayerSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private bool IsSelected(LearnableLayer layer) =>
        (_terms.All(term => term.Excludes) || _terms.Any(term => !term.Excludes && term.Matches(layer)))
        && !_terms.Any(term => term.Excludes && term.Matches(layer));

    /// <summary>A selection in JSON is its text.</summary>
    private sealed class Converter : JsonConverter<LayerSelection>
    {
        public override LayerSelection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString() ?? "", out var selection) ? selection : throw new JsonException("Expected a selection of layers.");

        public override void Write(Utf8JsonWriter writer, LayerSelection value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
