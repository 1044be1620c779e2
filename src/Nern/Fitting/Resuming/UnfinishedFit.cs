using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Files;
using Nern.Networks;
using Nern.Ranks;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Fitting.Resuming;

/// <summary>
/// A fit in progress, as a file: parameters, optimiser, generator, data position, phase and the best so far (docs/formats.md). A
/// <see cref="Fit"/> that is given it goes on to the same bits as if it had never stopped.
/// </summary>
public sealed class UnfinishedFit
{
    private static readonly SealedFile Format = new("nern-checkpoint", "1");

    /// <summary>The array that holds the weights of a later round's target.</summary>
    internal const string TargetName = "target";

    private const string GoodName = "good";

    private readonly ProgressFile<FitState> _file;

    private UnfinishedFit(ProgressFile<FitState> file) => _file = file;

    /// <summary>The file it was read from.</summary>
    public string Path => _file.Path;

    /// <summary>Steps done, in all rounds.</summary>
    public long Step => Snapshot.State.StepsBefore + Snapshot.State.Step;

    /// <summary>Time taken.</summary>
    public TimeSpan Elapsed => Snapshot.State.TimeBefore + Snapshot.State.Elapsed;

    internal Snapshot<FitState> Snapshot => _file.Latest;

    /// <summary>The last good state, to which the fit goes back if it diverges.</summary>
    internal Snapshot<FitState> Good => _file.Snapshots[GoodName];

    /// <summary>Reads the file.</summary>
    /// <exception cref="NernException">It is missing, no checkpoint of a fit, or was altered.</exception>
    public static UnfinishedFit Load(string path) => new(ProgressFile<FitState>.Load(Format, path, "a fit", GoodName));

    /// <summary>What the first rank reads, on all ranks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ranks">The ranks.</param>
    /// <param name="exists">Whether there is such a file; what the first rank says counts.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="NernException">It is no checkpoint of a fit, or was altered.</exception>
    internal static UnfinishedFit? Load(string path, Communicator ranks, bool exists)
    {
        var bytes = exists && ranks.IsFirst ? InputFile.Read(path, "the checkpoint of a fit") : [];
        Span<double> length = [bytes.Length];
        ranks.Max(length);
        if (length[0] == 0)
            return exists ? Load(path) : null;
        if (!ranks.IsFirst)
            bytes = new byte[(int)length[0]];
        ranks.Broadcast(bytes);
        return Read(bytes, path);
    }

    /// <summary>Reads a file that is already in memory.</summary>
    internal static UnfinishedFit Read(byte[] bytes, string path) =>
        new(ProgressFile<FitState>.Read(bytes, Format, path, "a fit", GoodName));

    /// <summary>The round of a <see cref="Fit"/> in which it was made.</summary>
    /// <exception cref="NernException">The checkpoint's weights are not those of such a network.</exception>
    internal RoundStart Start(Network original, PredictorOptions predictor)
    {
        var state = Snapshot.State;
        return new(state.Round, state.Round == 0
            ? original : original.With(Weights(original, predictor)), state.StepsBefore, state.TimeBefore);
    }

    private Dictionary<string, float[]> Weights(Network original, PredictorOptions predictor)
    {
        var layers = predictor.Layers.Of(original.Graph);
        if (!Snapshot.Arrays.TryGetValue(TargetName, out var weights)
            || weights.Length != layers.Sum(layer => (long)layer.Kernels * layer.KernelSize))
            throw new NernException($"'{Path}' was made with another network, or other layers of it, than are given now.");
        var end = 0;
        return layers.ToDictionary(layer => layer.Weight, layer => weights[end..(end += layer.Kernels * layer.KernelSize)]);
    }

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal static void Save(string path, Snapshot<FitState> snapshot, Snapshot<FitState> good, JsonObject options, string inputs) =>
        new ProgressFile<FitState>(
            path, new Dictionary<string, Snapshot<FitState>> { [ProgressFile<FitState>.Current] = snapshot, [GoodName] = good },
            options, inputs).Save(Format);

    /// <summary>Makes sure that this is a fit with these options, of this network, on these inputs.</summary>
    /// <exception cref="NernException">It is another; the message says in what.</exception>
    internal void Check(JsonObject options, string inputs) => _file.Check(options, inputs);

    /// <summary>
    /// Tells a network, what it is fitted on, and what work on it begins with from others: a digest of the weights and of the inputs set
    /// aside, and that of the start's file.
    /// </summary>
    internal static string Identify(Network network, FitInputs inputs, NeuralRepresentation? start = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (network.Graph.EndsInFeatures)
            hash.AppendData("features"u8);
        foreach (var (name, tensor) in network.Tensors)
        {
            hash.AppendData(MemoryMarshal.AsBytes(name.AsSpan()));
            hash.AppendData(tensor.Data.Span);
        }
        hash.AppendData(MemoryMarshal.AsBytes(inputs.Validation.Span));
        return Convert.ToHexStringLower(hash.GetHashAndReset()) + (start is null ? "" : NernFile.DigestOf(start));
    }
}
