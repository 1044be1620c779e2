using System.Globalization;
using System.Text.Json.Nodes;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Representation;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>What a .nern file holds.</summary>
/// <param name="File">Where it was read from.</param>
/// <param name="Representation">What it holds.</param>
/// <param name="Sizes">What its parts take.</param>
/// <param name="Usual">What its original takes by usual means.</param>
/// <param name="Smoothness">Of the convolutions that it gives back.</param>
internal sealed record RepresentationReport(
    string File, NeuralRepresentation Representation, RepresentationSizes Sizes, UsualSizes Usual, SmoothnessTable Smoothness) : IReport
{
    private PredictorDesign? Design => Representation.Design;

    private Provenance Provenance => Representation.Provenance;

    private long NetworkParameters => Representation.Graph.Parameters.Sum(p => p.Shape.Aggregate(1L, (product, d) => product * d));

    private long IdealOrderingBytes => Design is null ? 0 : (long)Math.Ceiling(
        Design.Orderings.Sum(ordering => Ordering.BitsOf(ordering.Kind, ordering.Filters, ordering.Channels)) / 8);

    private long RoundedWeights => Representation.Layers.Sum(layer => (long)layer.Kernels * layer.KernelSize)
        - (Design?.Layout.WeightCount ?? 0);

    private double? EmbeddingBase => (Design?.Embedding as PositionalEmbedding)?.Base;

    private string Embedding => EmbeddingBase is { } ratio
        ? string.Create(CultureInfo.InvariantCulture, $"base {ratio}")
        : ChoiceNames.Of(Design!.Embedding.Kind);

    private OrderingKind Kind => Design?.Orderings[0].Kind ?? OrderingKind.None;

    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["kind"] = "representation",
        ["network"] = new JsonObject
        {
            ["input"] = Representation.Graph.InputShape.ToString(),
            [Representation.Graph.EndsInFeatures ? "features" : "classes"] =
                Representation.Graph.EndsInFeatures ? Representation.Graph.Logits : Representation.Graph.Classes,
            ["nodes"] = new JsonObject(NodeCounts().Select(kind => KeyValuePair.Create<string, JsonNode?>(kind.Kind, kind.Count))),
            ["parameters"] = NetworkParameters,
            ["predictedWeights"] = Design?.Layout.WeightCount ?? 0,
            ["predictedLayers"] = Design?.Layout.Layers.Count ?? 0,
            ["roundedLayers"] = Representation.Layers.Count - (Design?.Layout.Layers.Count ?? 0),
        },
        ["predictor"] = Design is null ? null : new JsonObject
        {
            ["inputs"] = Design.Shape.Inputs,
            ["hidden"] = Design.Shape.Hidden,
            ["outputs"] = Design.Shape.Outputs,
            ["depth"] = Design.Shape.Depth,
            ["activation"] = ChoiceNames.Of(Design.Shape.Activation),
            ["skip"] = ChoiceNames.Of(Design.Shape.Skip),
            ["kernelReading"] = ChoiceNames.Of(Design.Reading),
            ["valueOrder"] = ChoiceNames.Of(Design.Layout.ValueOrders is null ? ValueOrder.None : ValueOrder.Sorted),
            ["filterMeans"] = ChoiceNames.Of(Design.Layout.Means is null ? FilterMeans.Predicted : FilterMeans.Stored),
            ["exponents"] = new JsonArray([.. Design.Layout.Exponents.Select(exponent => JsonValue.Create(exponent))]),
            ["parameters"] = Design.Shape.ParameterCount,
            ["embedding"] = ChoiceNames.Of(Design.Embedding.Kind),
            ["embeddingBase"] = EmbeddingBase,
            ["embeddingLevels"] = Design.Embedding.Levels,
            ["coordinates"] = ChoiceNames.Of(Design.Normalization),
            ["ordering"] = ChoiceNames.Of(Kind),
        },
        ["bytes"] = new JsonObject
        {
            ["predictor"] = Sizes.Predictor,
            ["means"] = Sizes.Means,
            ["orderings"] = Sizes.Orderings,
            ["idealOrderings"] = IdealOrderingBytes,
            ["unpredicted"] = Sizes.Unpredicted,
            ["onnx"] = Sizes.Onnx,
            ["coded"] = Sizes.Stream,
            ["header"] = Sizes.Header,
            ["file"] = Sizes.File,
            ["original"] = Provenance.Source?.Bytes,
            ["originalFloat32"] = Usual.Float32,
            ["originalFloat16"] = Usual.Float16,
            ["originalInt8Lzma"] = Usual.Int8,
        },
        ["source"] = Provenance.Source is { } source
            ? new JsonObject { ["name"] = source.Name, ["sha256"] = source.Sha256, ["prefix"] = source.Prefix }
            : null,
        ["images"] = Provenance.Normalization is { } normalization
            ? new JsonObject
            {
                ["mean"] = new JsonArray([.. normalization.Mean.Select(value => JsonValue.Create(value))]),
                ["std"] = new JsonArray([.. normalization.Std.Select(value => JsonValue.Create(value))]),
                ["range"] = normalization.Range,
                ["channels"] = ChoiceNames.Of(normalization.Order),
            }
            : null,
        ["options"] = Provenance.Options?.DeepClone(),
        ["smoothness"] = Smoothness.ToJson(),
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        var facts = new Grid().AddColumns(2);
        var graph = Representation.Graph;
        var outputs = graph.EndsInFeatures ? $"{graph.Logits} features" : $"{graph.Classes} classes";
        Add("network", $"{graph.InputShape} to {outputs}, {Figures.Count(NetworkParameters)} parameters");
        Add("nodes", string.Join(", ", NodeCounts().Select(kind => $"{kind.Count} {kind.Kind}")));
        if (Representation.IsSmall)
            Add("rounded", $"{Figures.Count(RoundedWeights)} weights to integers, arithmetically coded; normalisations folded");
        if (Design is { } design)
        {
            Add("predicted",
                $"{Figures.Count(design.Layout.WeightCount)} weights in {Figures.Count(design.Layout.Kernels)} kernels"
                + (design.Reading == KernelReading.Block ? " and blocks of small ones" : "")
                + $" of {design.Layout.Layers.Count} convolutions");
            Add("predictor", $"{Layers(design.Shape)}, {Figures.Count(design.Shape.ParameterCount)} parameters");
            Add("variant",
                $"{ChoiceNames.Of(design.Shape.Activation)}, skip {ChoiceNames.Of(design.Shape.Skip)}, "
                + $"small kernels {ChoiceNames.Of(design.Reading)}" + Units(design.Layout)
                + (design.Layout.Means is null ? "" : ", the mean of each filter stored"));
            Add("embedding", string.Create(CultureInfo.InvariantCulture,
                $"{Embedding}, {design.Embedding.Levels} levels, {ChoiceNames.Of(design.Normalization)} coordinates"));
            Add("ordering", ChoiceNames.Of(Kind) + (design.Layout.ValueOrders is null ? "" : ", the values of each kernel sorted"));
        }
        if (Provenance.Source is { } source)
        {
            Add("fitted to", $"{source.Name}, {Figures.Bytes(source.Bytes)}");
            Add("  SHA-256", source.Sha256);
        }
        if (Provenance.Normalization is { } normalization)
            Add("images", Describe(normalization));
        if (Provenance.Options is { } options)
            Add("options", string.Join(", ", options.Select(option => $"{option.Key} {option.Value}")));
        terminal.Console.Write(facts);
        terminal.Console.Write(SizeTable());
        terminal.Console.Write(ComparisonTable());
        if (Usual.Int8 is null)
            terminal.Output.WriteLine($"With --original NETWORK the table also has {UsualSizes.Int8Name}.");
        if (Kind != OrderingKind.None)
            terminal.Output.WriteLine(
                $"The orderings would take {Figures.Bytes(IdealOrderingBytes)} by the paper's count (section 3.3)"
                + (Design?.Layout.ValueOrders is null ? "." : ", which knows none of values."));
        Smoothness.Write(terminal);

        void Add(string name, string text) => facts.AddRow(Markup.Escape(name), Markup.Escape(text));
    }

    /// <summary>For example <c>mean 0.485, 0.456, 0.406, std 0.229, 0.224, 0.225</c>, and what is unusual.</summary>
    private static string Describe(Normalization normalization) => string.Create(CultureInfo.InvariantCulture,
        $"mean {string.Join(", ", normalization.Mean)}, std {string.Join(", ", normalization.Std)}")
        + (normalization.Range == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", range {normalization.Range}"))
        + (normalization.Order == ChannelOrder.Rgb ? "" : $", {ChoiceNames.Of(normalization.Order)}");

    private Table SizeTable()
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("part"), new TableColumn("bytes").RightAligned(), new TableColumn("of the file").RightAligned());
        foreach (var (name, bytes) in SizeParts.Of(Representation, Sizes))
            Add(name, bytes);
        Add("whole file", Sizes.File);
        return table;

        void Add(string part, long bytes) =>
            table.AddRow(part, Figures.Count(bytes), Figures.Percent((double)bytes / Sizes.File));
    }

    // Always the whole file: what a part takes is nothing that anyone could do with.
    private Table ComparisonTable()
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("the original"), new TableColumn("bytes").RightAligned(), new TableColumn("whole file, of it").RightAligned());
        if (Provenance.Source is { } source)
            Add("its file", source.Bytes);
        foreach (var (name, bytes) in Usual.Rows)
            Add(name, bytes);
        return table;

        void Add(string name, long bytes) =>
            table.AddRow(name, Figures.Count(bytes), bytes > 0 ? Figures.Percent((double)Sizes.File / bytes) : "");
    }

    private static string Units(KernelLayout layout) =>
        layout.HasUnits ? $", in units of the layers, 2^{layout.Exponents.Min()} to 2^{layout.Exponents.Max()}" : "";

    private static string Layers(PredictorShape shape) => string.Join(
        " - ", Enumerable.Range(0, shape.Depth).Select(layer => shape.RowsOf(layer)).Prepend(shape.Inputs));

    private IEnumerable<(string Kind, int Count)> NodeCounts() =>
        Representation.Graph.Nodes.CountBy(node => node.GetType().Name).Select(count => (count.Key, count.Value));
}
