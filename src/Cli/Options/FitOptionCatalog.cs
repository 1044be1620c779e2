using Nern.Fitting;

namespace Nern.Cli.Options;

/// <summary>All options of a fit, by subject: what the command line, recipes and docs/options.md are made from.</summary>
internal static class FitOptionCatalog
{
    internal static IReadOnlyList<OptionEntryGroup<FitOptions>> Groups { get; } =
        [ImageOptions.Group, BudgetOptions.Group, PredictorOptions.Group, ObjectiveOptions.Group, StepOptions.Group];

    internal static IReadOnlyList<OptionEntry<FitOptions>> All { get; } = [.. Groups.SelectMany(group => group.Options)];

    internal static IEnumerable<string> Names => All.Select(option => option.Name);

    /// <summary><paramref name="options"/> with one set, by its name, from text in the invariant culture.</summary>
    /// <exception cref="NernException">There is no such option, or the text is no value of it; the message says what would be.</exception>
    internal static FitOptions Apply(FitOptions options, string name, string text) => Find(name).Set(options, text);

    /// <summary>The option of this name.</summary>
    /// <exception cref="NernException">There is none; the message proposes the nearest.</exception>
    internal static OptionEntry<FitOptions> Find(string name) => All.FirstOrDefault(option => option.Name == name)
        ?? throw new NernException($"There is no option '{name}'{NearestName.Proposal(name, Names)}");
}
