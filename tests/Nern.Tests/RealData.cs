namespace Nern.Tests;

/// <summary>
/// Real networks and images, which are not part of the repository: NERN_DATA names their folder, else a shared/data beside it.
/// </summary>
internal static class RealData
{
    /// <summary>The path of a file or folder of the data; the test is skipped without it.</summary>
    public static string Path(string relative)
    {
        var roots = new List<string>();
        if (Environment.GetEnvironmentVariable("NERN_DATA") is { Length: > 0 } named)
            roots.Add(named);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            roots.Add(System.IO.Path.Combine(folder.FullName, "shared", "data"));
        var found = roots.Select(root => System.IO.Path.Combine(root, relative)).FirstOrDefault(System.IO.Path.Exists);
        Skip.If(found is null, $"'{relative}' is not here: set NERN_DATA to the folder of the development data.");
        return found!;
    }
}
