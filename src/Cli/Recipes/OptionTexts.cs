using Nern.Cli.Options;
using Nern.Fitting;
using Nern.Sweeps.Plans;

namespace Nern.Cli.Recipes;

/// <summary>Recipes and the catalogue of options, for plans of fits.</summary>
internal sealed class OptionTexts : IOptionTexts
{
    /// <inheritdoc/>
    public FitOptions Recipe(string? name) => Recipes.Recipe.Load(name ?? Recipes.Recipe.Default);

    /// <inheritdoc/>
    public FitOptions Set(FitOptions options, string name, string text) => OptionCatalog<FitOptions>.Apply(options, name, text);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Write(FitOptions options) =>
        OptionCatalog<FitOptions>.All.ToDictionary(option => option.Name, option => option.Write(options));
}
