using System.Text.Json;
using System.Text.Json.Nodes;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Fitting;
using Nern.Networks;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>How the file was made, and the command that makes one like it.</summary>
internal sealed class FitSection(Findings findings) : Section("fit", "How it was made")
{
    internal override string? Missing =>
        findings.Representation.Provenance.Options is null ? "The file does not say how it was made." : null;

    internal override Html Content() =>
        findings.Representation.IsSmall ? Content<CompressOptions>("compress") : Content<FitOptions>("fit");

    private Html Content<TOptions>(string command) where TOptions : class, new()
    {
        var provenance = findings.Representation.Provenance;
        var changed = provenance.Options!.Select(Read<TOptions>).Where(option => option.Text != option.Entry?.Default).ToList();
        var table = new HtmlTable("option", "here", "default", "what it is");
        foreach (var (name, text, entry) in changed)
            table.Add(name, text, entry?.Default ?? "", entry?.Description ?? "Nothing that this version knows.");
        var source = provenance.Source?.Name ?? "NETWORK";
        const string Next = " \\\n    ";
        var line = $"nern {command} {ShellWord.Of(source)}{Next}--data {(findings.Images is { } images ? ShellWord.Of(images) : "SOURCE")}"
            + string.Concat(changed.Where(option => option.Entry is not null).Select(option =>
                $"{Next}--{option.Name} {ShellWord.Of(option.Text)}"))
            + $"{Next}-o {ShellWord.Of(findings.Name)}";
        return (changed.Count == 0
                ? Tag("p", "All options are the defaults.")
                : table.ToHtml($"Options that differ from the defaults of nern {command}, of {provenance.Options!.Count} that the file "
                    + "records."))
            + Tag("p", "The command to repeat it, where the data is the training set that was used; a checkpoint also needs "
            + "--architecture:")
            + Tag("pre", Tag("code", line))
            + (provenance.Source is { } original
                ? Tag("p", [("class", "note")], $"SHA-256 of {original.Name}: ", Tag("code", original.Sha256)) : None)
            + (provenance.Normalization is { } normalization ? Tag("p", [("class", "note")], Normalised(normalization)) : None);
    }

    private static (string Name, string Text, OptionEntry<TOptions>? Entry) Read<TOptions>(KeyValuePair<string, JsonNode?> option)
        where TOptions : class, new()
    {
        var name = JsonNamingPolicy.KebabCaseLower.ConvertName(option.Key);
        var entry = OptionCatalog<TOptions>.All.FirstOrDefault(entry => entry.Name == name);
        return (name, entry?.Write(option.Value) ?? option.Value?.ToJsonString() ?? "", entry);
    }

    private static string Normalised(Normalization normalization) =>
        $"Images are normalised by mean {string.Join(", ", normalization.Mean.Select(value => Figures.Small(value)))} and deviation "
        + $"{string.Join(", ", normalization.Std.Select(value => Figures.Small(value)))} of pixels from 0 to "
        + $"{Figures.Small(normalization.Range)}.";
}
