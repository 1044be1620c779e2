using System.Reflection;
using Nern.Fitting;

namespace Nern.Cli.Recipes;

/// <summary>The options that a fit starts from, by name: recipes that come with the program, and files.</summary>
internal static class Recipe
{
    internal const string Default = "default";

    private const string Folder = "recipes/";
    private const string Extension = ".yaml";
    private const int LargestFile = 1 << 20;
    private static readonly Assembly Program = typeof(Recipe).Assembly;

    /// <summary>The recipes that come with the program.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        [.. Program.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Extension.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Reads a recipe.</summary>
    /// <param name="recipe">One of <see cref="Names"/>, or a file: a path, or a name that ends in .yaml or .yml.</param>
    /// <exception cref="NernException">There is no such recipe, or what it says cannot be used.</exception>
    internal static FitOptions Load(string recipe)
    {
        if (recipe.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar) || Path.GetExtension(recipe) is Extension or ".yml")
            return RecipeReader.Read(recipe, ReadFile(recipe));
        using var stream = Program.GetManifestResourceStream($"{Folder}{recipe}{Extension}")
            ?? throw new NernException(
                $"There is no recipe '{recipe}'{NearestName.Proposal(recipe, Names)} "
                + $"Known are {string.Join(" and ", Names)}; the name of a file ends in {Extension}.");
        using var reader = new StreamReader(stream);
        return RecipeReader.Read(recipe, reader.ReadToEnd());
    }

    private static string ReadFile(string path)
    {
        const string Expected = "expected a YAML file of at most 1 MB";
        try
        {
            if (Directory.Exists(path))
                throw new NernException($"'{path}' cannot be read: {Expected}, found a folder.");
            using var stream = File.OpenRead(path);
            // Pipes do not tell their length.
            var bytes = new byte[LargestFile + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LargestFile)
                throw new NernException($"'{path}' cannot be read: {Expected}, found more.");
            using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException exception)
        {
            throw new NernException($"'{path}' cannot be read: {Expected}, found no such file.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new NernException($"'{path}' cannot be read: {Expected}, found an error: {exception.Message}", exception);
        }
    }
}
