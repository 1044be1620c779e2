using Nern.Checkpoints.Safetensors;
using Nern.Runs;

namespace Nern.Training;

/// <summary>
/// A training in progress, as a file (docs/formats.md). A <see cref="Trainer"/> that is given it goes on to the same bits as if it
/// had never stopped.
/// </summary>
public sealed class UnfinishedTraining
{
    private static readonly SealedFile Format = new("nern-training", "1");

    private readonly ProgressFile<TrainState> _file;

    private UnfinishedTraining(ProgressFile<TrainState> file) => _file = file;

    /// <summary>The file it was read from.</summary>
    public string Path => _file.Path;

    /// <summary>Steps done.</summary>
    public long Step => Snapshot.State.Step;

    internal Snapshot<TrainState> Snapshot => _file.Latest;

    /// <summary>Reads the file.</summary>
    /// <exception cref="NernException">It is missing, no checkpoint of a training, or was altered.</exception>
    public static UnfinishedTraining Load(string path) => new(ProgressFile<TrainState>.Load(Format, path, "a training"));

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal static void Save(string path, Snapshot<TrainState> snapshot, TrainOptions options, string inputs) =>
        new ProgressFile<TrainState>(path, snapshot, options.ToJson(), inputs).Save(Format);

    /// <summary>Makes sure that this is a training with these options, on these inputs.</summary>
    /// <exception cref="NernException">It is another; the message says in what.</exception>
    internal void Check(TrainOptions options, string inputs) => _file.Check(options.ToJson(), inputs);
}
