using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nern.Networks;

namespace Nern.Data.Folders;

/// <summary>Images of a folder, decoded when they are asked for.</summary>
internal sealed class FolderImages : FramedImages
{
    private const int NamedFolders = 5;

    private readonly ImageFolder _folder;
    private readonly PictureFiles _files;
    private readonly int[] _places;

    /// <param name="folder">The files.</param>
    /// <param name="files">Opens them.</param>
    /// <param name="places">Which of the files, in this order.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="resize">What the shorter side is to be resized to in any case, or null.</param>
    internal FolderImages(ImageFolder folder, PictureFiles files, int[] places, ImageShape shape, int? resize)
        : base(folder.Root, [.. places.Select(folder.Label)], folder.Classes, shape, resize) =>
        (_folder, _files, _places) = (folder, files, places);

    /// <inheritdoc/>
    internal override bool ArePhotographs => true;

    /// <inheritdoc/>
    public override string? Preparation => _folder.EmptyFolders is { Count: > 0 } empty
        ? $"{base.Preparation} Folders without an image are classes too: {string.Join(", ", empty.Take(NamedFolders))}"
            + $"{(empty.Count > NamedFolders ? ", …" : "")}."
        : base.Preparation;

    /// <summary>Spread over all, which are in the order of their classes.</summary>
    internal override (LabelledImages Kept, LabelledImages Aside) SetAside(int count)
    {
        var aside = Enumerable.Range(0, count).Select(i => (int)((long)i * Count / count)).ToHashSet();
        return (Where(index => !aside.Contains(index)), Where(aside.Contains));
    }

    internal override void Identify(IncrementalHash hash)
    {
        foreach (var place in _places)
            hash.AppendData(MemoryMarshal.AsBytes(_folder.Name(place).AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Labels));
        hash.AppendData(MemoryMarshal.AsBytes<int>([Channels, Height, Width, Resize ?? 0]));
    }

    internal override NernException NoneReadable() =>
        new($"None of the {Count} images can be read; the first is {_files.Unreadable[0]}");

    /// <inheritdoc/>
    internal override Bitmap? TryOpen(int index) => _files.TryOpen(_folder.Path(_places[index]));

    private FolderImages Where(Func<int, bool> chosen) =>
        new(_folder, _files, [.. _places.Where((_, index) => chosen(index))], Shape, Resize);
}
