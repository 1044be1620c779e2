namespace Nern.Data.Folders;

/// <summary>
/// What files there are in a folder of class folders, in the order of their classes and then of their names; nothing is opened.
/// </summary>
internal sealed class ImageFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    private readonly (int Label, string Name)[] _files;
    private readonly string?[] _folders;

    private ImageFolder(string root, (int Label, string Name)[] files, string?[] folders) =>
        (Root, _files, _folders) = (root, files, folders);

    /// <summary>The folder.</summary>
    internal string Root { get; }

    /// <summary>The number of files.</summary>
    internal int Count => _files.Length;

    /// <summary>The number of classes, with those that have no folder.</summary>
    internal int Classes => _folders.Length;

    /// <summary>The folders that hold no images, and are classes nevertheless.</summary>
    internal IReadOnlyList<string> EmptyFolders =>
        [.. _folders.Except(_files.Select(file => file.Label).Distinct().Select(label => _folders[label])).OfType<string>()];

    /// <summary>The class of a file.</summary>
    internal int Label(int place) => _files[place].Label;

    /// <summary>The path of a file.</summary>
    internal string Path(int place) => System.IO.Path.Combine(Root, Name(place));

    /// <summary>The path of a file from the folder on.</summary>
    internal string Name(int place) => System.IO.Path.Combine(_folders[_files[place].Label]!, _files[place].Name);

    /// <summary>Lists a folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="classes">The names of the classes, in the order of their numbers.</param>
    /// <exception cref="NernException">It cannot be listed, has folders of no class, or no images.</exception>
    internal static ImageFolder List(string root, IReadOnlyList<string> classes)
    {
        var numbers = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        var folders = new string?[classes.Count];
        var files = new List<(int Label, string Name)>();
        foreach (var folder in Names(root))
        {
            if (!numbers.TryGetValue(folder, out var label))
                throw new NernException($"The folder '{root}' should hold a folder for each class; '{folder}' is the name of none of {classes.Count} classes.");
            folders[label] = folder;
            var names = Directory.EnumerateFiles(System.IO.Path.Combine(root, folder)).Select(file => System.IO.Path.GetFileName(file))
                .Where(name => !IsHidden(name) && Extensions.Contains(System.IO.Path.GetExtension(name), StringComparer.OrdinalIgnoreCase));
            files.AddRange(names.Select(name => (label, name)));
        }
        if (files.Count == 0)
            throw new NernException($"The folder '{root}' should hold a folder of JPEG or PNG files for each class; there are no such files in its folders.");
        (int Label, string Name)[] sorted = [.. files];
        Array.Sort(sorted, (a, b) => a.Label != b.Label ? a.Label.CompareTo(b.Label) : string.CompareOrdinal(a.Name, b.Name));
        return new(root, sorted, folders);
    }

    /// <summary>
    /// The classes that a folder is about: the first word of each line of synsets.txt in it or beside it, else the names of its
    /// folders in ordinal order.
    /// </summary>
    /// <exception cref="NernException">The folder cannot be listed, or synsets.txt names a class twice.</exception>
    internal static IReadOnlyList<string> ReadClasses(string root)
    {
        var names = Names(root);
        var parent = System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root)));
        var list = new[] { root, parent }.OfType<string>().Select(folder => System.IO.Path.Combine(folder, "synsets.txt"))
            .FirstOrDefault(File.Exists);
        if (list is null)
            return names;
        string[] classes = [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0)
            .Select(line => line.Split([' ', '\t'])[0])];
        if (classes.CountBy(name => name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new NernException($"'{list}' should name each class once, one a line; '{twice}' is there more than once.");
        return classes;
    }

    private static string[] Names(string root)
    {
        if (!Directory.Exists(root))
            throw new NernException($"There is no folder '{root}' to read images from.");
        string[] names =
        [
            .. Directory.EnumerateDirectories(root).Select(folder => System.IO.Path.GetFileName(folder)).Where(name => !IsHidden(name))
                .Order(StringComparer.Ordinal),
        ];
        return names.Length > 0 ? names : throw new NernException(
            $"The folder '{root}' should hold a folder for each class; it holds no folders.");
    }

    // What programs leave beside what is theirs: .ipynb_checkpoints, .DS_Store, ._1.jpg.
    private static bool IsHidden(string name) => name.StartsWith('.');
}
