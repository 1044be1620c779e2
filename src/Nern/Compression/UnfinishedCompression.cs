using Nern.Checkpoints.Safetensors;
using Nern.Data;
using Nern.Runs;

namespace Nern.Compression;

/// <summary>
/// A compression in progress, as a file (docs/formats.md). A <see cref="Compressor"/> that is given it goes on to the same bits as if it had
/// never stopped.
/// </summary>
public sealed class UnfinishedCompression
{
    private static readonly SealedFile Format = new("nern-compression", "1");

    private readonly ProgressFile<CompressState> _file;

    private UnfinishedCompression(ProgressFile<CompressState> file) => _file = file;

    /// <summary>The file it was read from.</summary>
    public string Path => _file.Path;

    /// <summary>Steps done.</summary>
    public long Step => Snapshot.State.Step;

    /// <summary>Time taken.</summary>
    public TimeSpan Elapsed => Snapshot.State.Elapsed;

    internal Snapshot<CompressState> Snapshot => _file.Latest;

    /// <summary>Reads the file.</summary>
    /// <exception cref="NernException">It is missing, no checkpoint of a compression, or was altered.</exception>
    public static UnfinishedCompression Load(string path) => new(ProgressFile<CompressState>.Load(Format, path, "a compression"));

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal static void Save(string path, Snapshot<CompressState> snapshot, CompressOptions options, string inputs) =>
        new ProgressFile<CompressState>(path, snapshot, options.ToJson(), inputs).Save(Format);

    /// <summary>Makes sure that this is a compression with these options, on these inputs.</summary>
    /// <exception cref="NernException">It is another; the message says in what.</exception>
    internal void Check(CompressOptions options, string inputs) => _file.Check(options.ToJson(), inputs);
}

/// <summary>What the snapshot of a compression holds besides arrays.</summary>
internal readonly record struct CompressState
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>Time taken.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The generator's four words.</summary>
    public ulong[]? Generator { get; init; }

    /// <summary>Where the images stand.</summary>
    public EpochPosition Images { get; init; }

    /// <summary>How the size is held.</summary>
    public SizeControlState Size { get; init; }

    /// <summary>Bits of the integers when they were last rounded, which the size is held by; null in files of older programs.</summary>
    public double? Bits { get; init; }

    /// <summary>The best evaluation so far.</summary>
    public CompressEvaluation? Best { get; init; }

    /// <summary>The last one.</summary>
    public CompressEvaluation? Last { get; init; }
}
