using Nern.Options;

namespace Nern.Cli.Options;

/// <summary>All options of some work, by subject: what the command line, recipes and docs/options.md are made from.</summary>
/// <typeparam name="TOptions">The options of the work.</typeparam>
internal static class OptionCatalog<TOptions> where TOptions : class, new()
{
    // Of options that are in no record of their own.
    private const string General = "General";

    internal static IReadOnlyList<OptionEntryGroup<TOptions>> Groups { get; } =
        [.. OptionSet<TOptions>.All.GroupBy(option => option.Group ?? General).Select(group =>
            new OptionEntryGroup<TOptions>(group.Key, [.. group.Select(option => new OptionEntry<TOptions>(option))]))];

    internal static IReadOnlyList<OptionEntry<TOptions>> All { get; } = [.. Groups.SelectMany(group => group.Options)];

    internal static IEnumerable<string> Names => All.Select(option => option.Name);

    /// <summary><paramref name="options"/> with one set, by its name, from text in the invariant culture.</summary>
    /// <exception cref="NernException">There is no such option, or the text is no value of it; the message says what would be.</exception>
    internal static TOptions Apply(TOptions options, string name, string text) => Find(name).Set(options, text);

    /// <summary>The option of this name.</summary>
    /// <exception cref="NernException">There is none; the message proposes the nearest.</exception>
    internal static OptionEntry<TOptions> Find(string name) => All.FirstOrDefault(option => option.Name == name)
        ?? throw new NernException($"There is no option '{name}'{NearestName.Proposal(name, Names)}");
}
