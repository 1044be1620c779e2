using System.Text.Encodings.Web;
using System.Text.Json;
using Nern.Cli.Options;
using Nern.Fitting;

namespace Nern.Cli.Recipes;

/// <summary>Writes options of a fit as a recipe that gives the same options again.</summary>
internal static class RecipeWriter
{
    // YAML's double quotes are those of JSON.
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(FitOptions options, TextWriter output)
    {
        foreach (var (i, group) in OptionCatalog<FitOptions>.Groups.Index())
        {
            if (i > 0)
                output.WriteLine();
            output.WriteLine($"# {group.Title}");
            foreach (var option in group.Options)
                output.WriteLine($"{option.Name}: {Scalar(option.Write(options))}");
        }
    }

    /// <summary>A value as YAML reads it: a star, say, would begin an alias.</summary>
    private static string Scalar(string value) =>
        value.All(IsPlain) && !value.StartsWith('*') ? value : JsonSerializer.Serialize(value, Quoted);

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || "-+.,=_/*".Contains(letter);
}
