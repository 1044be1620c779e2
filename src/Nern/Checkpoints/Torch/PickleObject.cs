namespace Nern.Checkpoints.Torch;

/// <summary>
/// In the place of an object that only Python code could make: the global, called or not, that stands for it. No code was run. What the
/// pickle puts into it is dropped, but for the items of a dictionary: a class of such may well hold the tensors.
/// </summary>
/// <param name="name">The global it comes from, such as <c>numpy.core.multiarray.scalar</c>.</param>
internal sealed class PickleObject(string name)
{
    /// <summary>The global it comes from.</summary>
    public string Name => name;

    /// <summary>Its items, if it has any.</summary>
    public PickleDictionary? Items { get; set; }

    /// <summary>Whether it is a whole network with its code, as <c>torch.save(model)</c> writes it.</summary>
    public bool IsModule { get; set; }
}
