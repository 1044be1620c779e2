using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Runs;

namespace Nern.Compression;

/// <summary>A <see cref="SizeSearch"/> in progress, as a file (docs/formats.md).</summary>
public sealed class UnfinishedSizeSearch
{
    private static readonly SealedFile Format = new("nern-size-search", "1");

    private readonly ProgressFile<SizeSearchState> _file;

    private UnfinishedSizeSearch(ProgressFile<SizeSearchState> file) => _file = file;

    internal IReadOnlyList<SizeTrial> Trials => _file.Latest.State.Trials ?? [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="NernException">It is missing, no checkpoint of a search, or was altered.</exception>
    public static UnfinishedSizeSearch Load(string path) =>
        new(ProgressFile<SizeSearchState>.Load(Format, path, "a search for a size"));

    internal static void Save(string path, IReadOnlyList<SizeTrial> trials, CompressOptions options, double points, string inputs) =>
        new ProgressFile<SizeSearchState>(
            path, new Snapshot<SizeSearchState> { State = new() { Trials = [.. trials] } }, Describe(options, points), inputs).Save(Format);

    internal void Check(CompressOptions options, double points, string inputs) => _file.Check(Describe(options, points), inputs);

    // The size is what is looked for.
    private static JsonObject Describe(CompressOptions options, double points)
    {
        var json = options.ToJson();
        json.Remove("size");
        json["within"] = points;
        return json;
    }
}

/// <summary>What the snapshot of a search holds.</summary>
internal readonly record struct SizeSearchState
{
    /// <summary>What was tried.</summary>
    public SizeTrial[]? Trials { get; init; }
}
