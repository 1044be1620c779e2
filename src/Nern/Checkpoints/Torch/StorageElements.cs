using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

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
