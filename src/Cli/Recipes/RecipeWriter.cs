using Nern.Cli.Options;
using Nern.Training;

namespace Nern.Cli.Recipes;

/// <summary>Writes options of a fit as a recipe that gives the same options again.</summary>
internal static class RecipeWriter
{
    internal static void Write(FitOptions options, TextWriter output)
    {
        foreach (var (i, group) in FitOptionCatalog.Groups.Index())
        {
            if (i > 0)
                output.WriteLine();
            output.WriteLine($"# {group.Title}");
            foreach (var option in group.Options)
                output.WriteLine($"{option.Name}: {option.Write(options)}");
        }
    }
}
