using Nern.Checkpoints;

namespace Nern.Networks.Architectures;

/// <summary>The layer of a checkpoint that yields the logits.</summary>
internal static class LastLayer
{
    /// <summary>
    /// How many logits it yields, or null if the checkpoint has no such layer; then it does not fit the architecture, and loading it
    /// says in which way. A single logit is taken only where no layer of several is called so, or, if none is, has the shape.
    /// </summary>
    /// <param name="checkpoint">The tensors, with or without a prefix.</param>
    /// <param name="name">What its weight is usually called; where none is, it is the last of that shape.</param>
    /// <param name="kernel">The shape of the weight behind the logits.</param>
    internal static int? LogitsOf(Checkpoint checkpoint, string name, params int[] kernel)
    {
        var fitting = checkpoint.Tensors
            .Where(tensor => tensor.Value.Shape is [>= 1, ..] && tensor.Value.Shape.Skip(1).SequenceEqual(kernel)).ToList();
        var named = fitting.Where(tensor => $".{tensor.Key}".EndsWith($".{name}", StringComparison.Ordinal)).ToList();
        int[] logits = [.. (named.Count > 0 ? named : fitting).Select(tensor => tensor.Value.Shape[0])];
        return logits is [] ? null : logits.LastOrDefault(count => count > 1, 1);
    }

    /// <summary>The logits of a network that is asked to tell <paramref name="classes"/> apart.</summary>
    /// <param name="classes">Classes, or null for those of the checkpoint.</param>
    /// <param name="present">The logits of the checkpoint, which may have one for two classes; null where it does not tell.</param>
    /// <param name="otherwise">What is usual, where nothing tells.</param>
    /// <exception cref="NernException">They are no classes to be told apart.</exception>
    internal static int Logits(int? classes, int? present, int otherwise) =>
        classes is null ? present ?? otherwise
        : present == 1 && classes == 2 ? 1
        : CheckClasses(classes.Value);

    /// <summary>Refuses fewer than two classes.</summary>
    /// <exception cref="NernException">There are fewer.</exception>
    internal static int CheckClasses(int classes) => classes >= 2
        ? classes
        : throw new NernException($"A classifier needs at least 2 classes; got {classes}.");
}
