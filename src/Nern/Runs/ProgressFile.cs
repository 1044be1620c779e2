using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nern.Checkpoints.Safetensors;
using Nern.Files;
using Nern.Options;
using Nern.Tensors;

namespace Nern.Runs;

/// <summary>
/// Work in progress as a file: snapshots by name, the options it runs with, and a digest of what it runs on (docs/formats.md).
/// </summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Snapshots">By name.</param>
/// <param name="Options">The options, by name.</param>
/// <param name="Inputs">The digest.</param>
internal sealed record ProgressFile<TState>(
    string Path, IReadOnlyDictionary<string, Snapshot<TState>> Snapshots, JsonObject Options, string Inputs)
    where TState : struct
{
    /// <summary>The name of the snapshot whose arrays have no prefix.</summary>
    internal const string Current = "state";

    /// <summary>Work with a single snapshot.</summary>
    internal ProgressFile(string path, Snapshot<TState> snapshot, JsonObject options, string inputs)
        : this(path, new Dictionary<string, Snapshot<TState>> { [Current] = snapshot }, options, inputs)
    {
    }

    /// <summary>The snapshot whose arrays have no prefix.</summary>
    internal Snapshot<TState> Latest => Snapshots[Current];

    private static readonly JsonSerializerOptions Json = new(OptionJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        // What a bad start is evaluated to may be no number.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads the file.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="work">What is in progress, such as <c>a fit</c>.</param>
    /// <param name="names">The snapshots it holds besides <see cref="Current"/>.</param>
    /// <exception cref="NernException">It is missing, of another format, or was altered.</exception>
    internal static ProgressFile<TState> Load(SealedFile format, string path, string work, params IReadOnlyList<string> names) =>
        Read(InputFile.Read(path, $"the checkpoint of {work}"), format, path, work, names);

    /// <summary>Reads a file that is already in memory.</summary>
    internal static ProgressFile<TState> Read(byte[] bytes, SealedFile format, string path, string work, params IReadOnlyList<string> names)
    {
        var file = format.Read(bytes, path, $"the checkpoint of {work}");
        try
        {
            var options = JsonNode.Parse(Text("nern.options"))?.AsObject()
                ?? throw new InvalidDataException("the metadata nern.options is null.");
            // Names that are there twice are noticed when one is asked for.
            options.ContainsKey("");
            return new(path, names.Append(Current).ToDictionary(name => name, Snapshot), options, Text("nern.inputs"));
        }
        // ArgumentException: an option twice.
        catch (Exception exception) when (exception is JsonException or NernException or InvalidDataException or InvalidOperationException
            or ArgumentException)
        {
            throw new NernException($"'{path}' does not hold {work} that fits together: {MalformedFile.Shorten(exception.Message)}",
                exception);
        }

        Snapshot<TState> Snapshot(string name) => new()
        {
            State = JsonSerializer.Deserialize<TState>(Text($"nern.{name}"), Json),
            Arrays = file.Tensors
                .Where(tensor =>
                    names.FirstOrDefault(other => tensor.Key.StartsWith(Prefix(other), StringComparison.Ordinal), Current) == name)
                .ToDictionary(tensor => tensor.Key[Prefix(name).Length..], tensor => tensor.Value.ToFloats()),
        };

        string Text(string key) =>
            file.Metadata.GetValueOrDefault(key) ?? throw new InvalidDataException($"the metadata {key} is missing.");
    }

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal void Save(SealedFile format)
    {
        var metadata = new Dictionary<string, string> { ["nern.options"] = Options.ToJsonString(), ["nern.inputs"] = Inputs };
        foreach (var (name, snapshot) in Snapshots)
            metadata[$"nern.{name}"] = JsonSerializer.Serialize(snapshot.State, Json);
        format.Save(
            Path,
            [.. Snapshots.SelectMany(snapshot => snapshot.Value.Arrays.Select(
                array => KeyValuePair.Create(Prefix(snapshot.Key) + array.Key, Tensor.From([array.Value.Length], array.Value))))],
            metadata);
    }

    /// <summary>Makes sure that it is of work with these options, on these inputs.</summary>
    /// <exception cref="NernException">It is of other work; the message says in what.</exception>
    internal void Check(JsonObject options, string inputs)
    {
        foreach (var name in Options.Select(option => option.Key).Union(options.Select(option => option.Key)))
            // As text: comparing numbers as such throws where their exponents are absurd.
            if ((Options[name]?.ToJsonString(), options[name]?.ToJsonString()) is var (before, now) && before != now)
                throw new NernException($"'{Path}' was made with other options: {Shown(name)} was {Shown(before)}, but is {Shown(now)} now.");
        if (Inputs != inputs)
            throw new NernException($"'{Path}' was made with another network or other images than are given now.");
    }

    private static string Shown(string? value) => value is null ? "not given" : MalformedFile.Shorten(value);

    private static string Prefix(string name) => name == Current ? "" : $"{name}.";
}
