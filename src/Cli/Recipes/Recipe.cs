using System.Reflection;
using Nern.Files;
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
            return RecipeReader.Read(recipe, InputFile.ReadText(recipe, "a YAML file", LargestFile));
        using var stream = Program.GetManifestResourceStream($"{Folder}{recipe}{Extension}")
            ?? throw new NernException(
                $"There is no recipe '{recipe}'{NearestName.Proposal(recipe, Names)} "
                + $"Known are {string.Join(" and ", Names)}; the name of a file ends in {Extension}.");
        using var reader = new StreamReader(stream);
        return RecipeReader.Read(recipe, reader.ReadToEnd());
    }
}
