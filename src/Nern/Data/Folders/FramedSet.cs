using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nern.Networks;

namespace Nern.Data.Folders;

/// <summary>The images of a set brought to another shape.</summary>
internal sealed class FramedSet : FramedImages
{
    private readonly ImageSet _set;

    /// <param name="name">What they are called in a sentence.</param>
    /// <param name="set">The images, of 1 or 3 channels.</param>
    /// <param name="shape">The shape that is wanted.</param>
    /// <param name="resize">What the shorter side is to be resized to in any case, or null.</param>
    internal FramedSet(string name, ImageSet set, ImageShape shape, int? resize)
        : base(name, set.Labels.ToArray(), set.Classes, shape, resize) => _set = set;

    /// <summary>What they show fills them, so a part of one is no image of its class.</summary>
    internal override bool ArePhotographs => false;

    internal override Bitmap TryOpen(int index) => Bitmap.Of(_set.Image(index), _set.Width, _set.Height);

    /// <summary>The last ones, as of the set itself.</summary>
    internal override (LabelledImages Kept, LabelledImages Aside) SetAside(int count)
    {
        var first = Count - count;
        return (new FramedSet(Name, _set.Range(0, first), Shape, Resize), new FramedSet(Name, _set.Range(first, count), Shape, Resize));
    }

    internal override void Identify(IncrementalHash hash)
    {
        _set.Identify(hash);
        hash.AppendData(MemoryMarshal.AsBytes<int>([Channels, Height, Width, Resize ?? 0]));
    }
}
