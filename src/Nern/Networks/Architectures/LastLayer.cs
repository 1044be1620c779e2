using Nern.Checkpoints;

namespace Nern.Networks.Architectures;

/// <summary>The layer of a checkpoint that yields the logits.</summary>
internal static class LastLayer
{
    /// <summary>
    /// How many classes it tells apart, or null if the checkpoint has no such layer; then it does not fit the architecture, and loading it
    /// says in which way.
    /// </summary>
    /// <param name="checkpoint">The tensors, with or without a prefix.</param>
    /// <param name="name">What its weight is usually called; where none is, it is the last of that shape.</param>
    /// <param name="kernel">The shape of the weight behind the classes.</param>
    internal static int? ClassesOf(Checkpoint checkpoint, string name, params int[] kernel)
    {
        var fitting = checkpoint.Tensors.Where(tensor => tensor.Value.Shape is [>= 2, ..] && tensor.Value.Shape.Skip(1).SequenceEqual(kernel)).ToList();
        var named = fitting.Where(tensor => $".{tensor.Key}".EndsWith($".{name}", StringComparison.Ordinal)).ToList();
        return (named.Count > 0 ? named : fitting).Select(tensor => (int?)tensor.Value.Shape[0]).LastOrDefault();
    }
}
