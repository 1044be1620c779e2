using Nern.Tensors;

namespace Nern.Representation;

/// <summary>The tensors of a .nern file by their names.</summary>
internal static class NamedTensors
{
    /// <summary>Finds a tensor of a shape.</summary>
    /// <exception cref="InvalidDataException">It is missing, or of another shape.</exception>
    internal static Tensor Find(this IReadOnlyDictionary<string, Tensor> tensors, string name, params int[] shape)
    {
        var tensor = tensors.GetValueOrDefault(name) ?? throw new InvalidDataException($"the tensor {name} is missing.");
        return tensor.Shape.SequenceEqual(shape)
            ? tensor
            : throw new InvalidDataException($"the tensor {name} is {Tensor.Describe(tensor.Shape)} instead of {Tensor.Describe(shape)}.");
    }
}
