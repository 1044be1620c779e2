using Nern.Checkpoints.Safetensors;
using Nern.Checkpoints.Torch;
using Nern.Files;

namespace Nern.Checkpoints;

/// <summary>A safetensors file or PyTorch checkpoint in memory, and the states it holds: one, or several.</summary>
/// <param name="name">Its path.</param>
/// <param name="states">What it holds, at least one.</param>
internal sealed class CheckpointFile(string name, IEnumerable<StoredState> states)
{
    private const int Listed = 12;

    /// <summary>Its path.</summary>
    internal string Name => name;

    /// <summary>The states, the one that is most likely the network first.</summary>
    internal IReadOnlyList<StoredState> States { get; } = [.. StoredState.InOrder(states)];

    /// <summary>Finds what the file holds. No code in it is run.</summary>
    /// <exception cref="NernException">The bytes are none of these formats, damaged, or hold no tensors.</exception>
    internal static CheckpointFile Read(byte[] bytes, string name) => new(name, MalformedFile.Report(name, () => Parse(bytes, name)));

    /// <summary>Reads the tensors of a state, under the names they have in it.</summary>
    /// <exception cref="NernException">They are damaged.</exception>
    internal Checkpoint Read(StoredState state) => MalformedFile.Report(name, state.Read);

    /// <summary>The state of a name, or the only one that has it among the keys that lead to it; without a name the first.</summary>
    /// <exception cref="NernException">There is none, or more than one; the message lists those there are.</exception>
    internal StoredState Find(string? state)
    {
        if (state is null)
            return States[0];
        var found = Named(States, one => one.Name, state);
        if (found.Count == 1)
            return found[0];
        throw new NernException(States is [{ Name: "" }]
            ? $"'{name}' has no state '{state}': its tensors stand at the top of the file."
            : $"'{name}' has {(found.Count == 0 ? "no state" : "several states")} '{state}'; it holds {List(States.Select(one => one.Shown))}.");
    }

    /// <summary>Those whose name is <paramref name="wanted"/>; if none is, those that have it among the parts of their names.</summary>
    internal static IReadOnlyList<T> Named<T>(IReadOnlyList<T> all, Func<T, string> name, string wanted) =>
        all.Any(one => name(one) == wanted)
            ? [.. all.Where(one => name(one) == wanted)]
            : [.. all.Where(one => $".{name(one)}.".Contains($".{wanted}.", StringComparison.Ordinal))];

    /// <summary>Names with commas between; of many the first.</summary>
    internal static string List(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(MalformedFile.Shorten)];
        return string.Join(", ", all.Take(Listed)) + (all.Length > Listed ? $" and {all.Length - Listed} more" : "");
    }

    private static IReadOnlyList<StoredState> Parse(byte[] bytes, string name)
    {
        if (TorchZipReader.Recognises(bytes))
            return TorchZipReader.Read(bytes);
        if (TorchLegacyReader.Recognises(bytes))
            return TorchLegacyReader.Read(bytes);
        if (bytes is [_, _, _, _, _, _, _, _, (byte)'{', ..])
        {
            var checkpoint = SafetensorsReader.Read(bytes, name);
            return [new("", checkpoint.Names.Count, () => checkpoint)];
        }
        var beginning = Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)));
        var found = bytes.Length == 0 ? "an empty file" : $"{bytes.Length} bytes that begin {beginning}";
        throw new InvalidDataException($"is not a file of tensors: expected safetensors or a PyTorch checkpoint, found {found}.");
    }
}
