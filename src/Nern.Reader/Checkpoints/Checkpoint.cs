using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints;

/// <summary>The named tensors of a file, in its order.</summary>
public sealed class Checkpoint
{
    // What wrappers put before every name: DataParallel, modules that keep the network in a field, torch.compile.
    private static readonly string[] WrapperPrefixes = ["module.", "model.", "_orig_mod."];

    private readonly OrderedDictionary<string, Tensor> _tensors;

    /// <summary>Keeps the tensors given, in their order.</summary>
    /// <param name="tensors">Tensors under distinct names.</param>
    /// <param name="metadata">Strings kept beside them.</param>
    /// <param name="prefix">What was taken off the front of every name.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public Checkpoint(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null, string prefix = "")
    {
        _tensors = new OrderedDictionary<string, Tensor>(tensors);
        Metadata = metadata ?? new Dictionary<string, string>();
        Prefix = prefix;
    }

    /// <summary>The names of the tensors, in the order of the file.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The strings that a safetensors file keeps below <c>__metadata__</c>; empty for other formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// What <see cref="Read(string)"/> took off the front of every name, such as <c>module.</c>; usually empty.
    /// Put before a name it gives the name in the file.
    /// </summary>
    public string Prefix { get; }

    /// <summary>
    /// Entries that are no tensors of a type in <see cref="ElementType"/>, by name: why they are not among <see cref="Tensors"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Unreadable { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Reads a safetensors file or a PyTorch checkpoint, zip or legacy, told apart by content. No code in the file is run.
    /// A prefix <c>module.</c>, <c>model.</c> or <c>_orig_mod.</c> that all names share is moved to <see cref="Prefix"/>.
    /// Of the several states that a checkpoint may hold it is the one with most tensors; <c>NetworkFile</c> finds the
    /// one that fits an architecture.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NernException">The file cannot be read, is none of these formats, or is damaged.</exception>
    public static Checkpoint Read(string path) => Read(InputFile.Read(path, "a safetensors file or a PyTorch checkpoint"), path);

    /// <summary>Reads a file that is already in memory.</summary>
    internal static Checkpoint Read(byte[] bytes, string name)
    {
        var file = CheckpointFile.Read(bytes, name);
        return file.Read(file.States[0]).WithoutWrapperPrefix();
    }

    /// <summary>The same with the names as they are below the wrappers that all of them begin with.</summary>
    internal Checkpoint WithoutWrapperPrefix()
    {
        var prefix = "";
        while (Array.Find(WrapperPrefixes, wrapper => AllNamesStartWith(prefix + wrapper)) is { } found)
            prefix += found;
        var stripped = _tensors.Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value));
        return prefix.Length == 0 ? this : new Checkpoint(stripped, Metadata, prefix) { Unreadable = Unreadable };
    }

    private bool AllNamesStartWith(string prefix) =>
        _tensors.Count > 0 && Names.All(name => name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal));
}
