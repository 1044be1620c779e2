using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>
/// A flat array that tensors of a PyTorch checkpoint are views of, as its pickle declares it; the bytes stand elsewhere in the file.
/// </summary>
/// <param name="Elements">What its elements are.</param>
/// <param name="Key">What the file calls it.</param>
/// <param name="Count">How many elements it has.</param>
internal sealed record TorchStorage(StorageElements Elements, string Key, long Count)
{
    // PyTorch counts them; a long one would be hashed as often as it is named.
    private const int LongestKey = 1024;

    /// <summary>The bytes it takes; <see cref="Count"/> is bounded so that this cannot overflow.</summary>
    public long ByteCount => Count * Elements.Size;

    /// <summary>
    /// Reads the tuple that stands for a storage: ('storage', type, key, location, count) and, in legacy files, a view.
    /// The location (a CPU or GPU) does not matter for the bytes.
    /// </summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static TorchStorage FromPersistentId(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", StorageElements or PickleObject, string { Length: <= LongestKey } key, _,
                long and >= 0 and <= int.MaxValue, ..])
            throw new InvalidDataException(
                "has a damaged pickle: expected a storage of tensors as ('storage', type, key, location, count).");
        if (parts is [_, _, _, _, _, not null])
            throw new InvalidDataException(
                $"keeps the storage {MalformedFile.Quote(key)} as a view of another one, which is not supported.");
        var elements = parts[1] as StorageElements ?? new StorageElements(((PickleObject)parts[1]!).Name, Size: 0);
        return new TorchStorage(elements, key, (long)parts[4]!);
    }
}

/// <summary>What a class of storages says of their elements.</summary>
/// <param name="Name">What PyTorch calls their type.</param>
/// <param name="Size">Bytes of one; 0 where not even that is known.</param>
/// <param name="Type">The type here, or null if tensors of such are not read.</param>
internal sealed record StorageElements(string Name, int Size, ElementType? Type = null)
{
    /// <summary>The name for messages.</summary>
    internal string Shown => MalformedFile.Shorten(Name);

    internal static StorageElements Of(ElementType type) => new($"{type}", Tensor.SizeOf(type), type);
}
