using Nern.Insight;
using Nern.Predictor;

namespace Nern.Cli.Pages.Sections;

/// <summary>How alike the embedding makes channels, for several bases and the file's own (the paper's figure 8).</summary>
internal sealed class EmbeddingSection(Findings findings) : Section("embedding", "The embedding")
{
    // The released code's is 0.76.
    private static readonly double[] Bases = [0.76, 1, 1.16, 1.5];

    internal override string? Missing => findings.Representation.Design is null ? "The file has no predictor: nothing is embedded." : null;

    internal override Html Content()
    {
        var design = findings.Representation.Design!;
        var own = design.Embedding is PositionalEmbedding positional ? positional.Base : (double?)null;
        var series = Bases.Where(ratio => ratio != own).Select(ratio => Series(
                $"base {Figures.Short(ratio)}",
                EmbeddingSimilarity.Of(new PositionalEmbedding(ratio, design.Embedding.Levels), design.Normalization)))
            .Append(Series(
                own is { } its ? $"base {Figures.Short(its)}, this file" : "Gaussian, this file", EmbeddingSimilarity.Of(design))).ToList();
        return new Chart
        {
            Kind = "lines",
            X = ["channel c"],
            Y = "normalised cosine similarity",
            Series = series,
        }.ToHtml(
            $"How alike the embedded coordinates γ(0, 0, c) and γ(0, 0, {EmbeddingSimilarity.PaperReference}) of a layer of "
            + $"{EmbeddingSimilarity.PaperChannels} channels are, from the least (0) to the most (1) of each line, with "
            + $"{design.Embedding.Levels} frequencies an axis. A flat top means that neighbours look the same to the predictor and its "
            + "weights change slowly with c; a sharp peak that every channel can be told from the next.");
    }

    private static ChartSeries Series(string name, EmbeddingSimilarity similarity) =>
        new(name, [.. similarity.Normalized.Select((value, channel) => (double[])[channel, Math.Round(value, 4)])]);
}
