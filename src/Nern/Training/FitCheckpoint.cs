using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nern.Checkpoints;
using Nern.Networks;
using Nern.Packaging;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Training;

/// <summary>
/// A fit in progress, as a file: parameters, optimiser, generator, data position, phase and the best so far (docs/formats.md). A
/// <see cref="Fit"/> that is given it goes on to the same bits as if it had never stopped.
/// </summary>
public sealed class FitCheckpoint
{
    private static readonly SealedFile Format = new("nern-checkpoint", "1");

    private static readonly JsonSerializerOptions Json = new(NernJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        // What a bad start is evaluated to may be no number.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The array that holds the weights of a later round's target.</summary>
    internal const string TargetName = "target";

    private const string GoodPrefix = "good.";

    private FitCheckpoint(FitSnapshot snapshot, FitSnapshot good, JsonObject options, string inputs, string path) =>
        (Snapshot, Good, Options, Inputs, Path) = (snapshot, good, options, inputs, path);

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>Steps done, in all rounds.</summary>
    public long Step => Snapshot.State.StepsBefore + Snapshot.State.Step;

    /// <summary>Time taken.</summary>
    public TimeSpan Elapsed => Snapshot.State.TimeBefore + Snapshot.State.Elapsed;

    internal FitSnapshot Snapshot { get; }

    /// <summary>The last good state, to which the fit goes back if it diverges.</summary>
    internal FitSnapshot Good { get; }

    private JsonObject Options { get; }

    private string Inputs { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="NernException">It is missing, no checkpoint of a fit, or was altered.</exception>
    public static FitCheckpoint Load(string path)
    {
        var file = Format.Load(path, "the checkpoint of a fit");
        try
        {
            return new(
                Snapshot("nern.state", ""), Snapshot("nern.good", GoodPrefix),
                JsonNode.Parse(Text("nern.options"))?.AsObject() ?? throw new InvalidDataException("the metadata nern.options is null."),
                Text("nern.inputs"), path);
        }
        catch (Exception exception) when (exception is JsonException or NernException or InvalidDataException or InvalidOperationException)
        {
            throw new NernException($"'{path}' does not hold a fit that fits together: {MalformedFile.Shorten(exception.Message)}", exception);
        }

        FitSnapshot Snapshot(string state, string prefix) => new()
        {
            State = JsonSerializer.Deserialize<FitState>(Text(state), Json),
            Arrays = file.Tensors.Where(tensor => tensor.Key.StartsWith(GoodPrefix, StringComparison.Ordinal) == (prefix.Length > 0))
                .ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => tensor.Value.ToFloats()),
        };

        string Text(string key) =>
            file.Metadata.GetValueOrDefault(key) ?? throw new InvalidDataException($"the metadata {key} is missing.");
    }

    /// <summary>The round of a <see cref="ProgressiveFit"/> in which it was made.</summary>
    /// <exception cref="NernException">The checkpoint's weights are not those of such a network.</exception>
    internal FitRound Round(Network original)
    {
        var state = Snapshot.State;
        return new(state.Round, state.Round == 0 ? original : original.With(Weights(original)), state.StepsBefore, state.TimeBefore);
    }

    private Dictionary<string, float[]> Weights(Network original)
    {
        var layout = new KernelLayout(LearnableLayer.AllOf(original.Graph));
        if (!Snapshot.Arrays.TryGetValue(TargetName, out var rows) || rows.Length != layout.Kernels * layout.RowSize)
            throw new NernException($"'{Path}' was made with another network or other images than are given now.");
        return layout.Layers.Index().ToDictionary(layer => layer.Item.Weight, layer =>
        {
            var weights = new float[layer.Item.Kernels * layer.Item.KernelSize];
            layout.Read(rows, layer.Index, weights);
            return weights;
        });
    }

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal static void Save(string path, FitSnapshot snapshot, FitSnapshot good, FitOptions options, string inputs) => Format.Save(
        path,
        [.. Tensors(snapshot, ""), .. Tensors(good, GoodPrefix)],
        new Dictionary<string, string>
        {
            ["nern.state"] = JsonSerializer.Serialize(snapshot.State, Json),
            ["nern.good"] = JsonSerializer.Serialize(good.State, Json),
            ["nern.options"] = options.ToJson().ToJsonString(),
            ["nern.inputs"] = inputs,
        });

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(FitSnapshot snapshot, string prefix) =>
        snapshot.Arrays.Select(array => KeyValuePair.Create(prefix + array.Key, Tensor.From([array.Value.Length], array.Value)));

    /// <summary>Makes sure that this is a fit with these options, of this network, on these inputs.</summary>
    /// <exception cref="NernException">It is another; the message says in what.</exception>
    internal void Check(FitOptions options, string inputs)
    {
        var expected = options.ToJson();
        foreach (var name in Options.Select(option => option.Key).Union(expected.Select(option => option.Key)))
            if (!JsonNode.DeepEquals(Options[name], expected[name]))
                throw new NernException(
                    $"'{Path}' was made with other options: {name} was {Options[name]?.ToJsonString() ?? "not given"}, but is {expected[name]?.ToJsonString() ?? "not given"} now.");
        if (Inputs != inputs)
            throw new NernException($"'{Path}' was made with another network or other images than are given now.");
    }

    /// <summary>Tells a network and what it is fitted on from others: a digest of the weights and of the inputs set aside.</summary>
    internal static string Identify(Network network, FitInputs inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in network.Tensors)
        {
            hash.AppendData(MemoryMarshal.AsBytes(name.AsSpan()));
            hash.AppendData(tensor.Data.Span);
        }
        hash.AppendData(MemoryMarshal.AsBytes(inputs.Validation.Span));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
