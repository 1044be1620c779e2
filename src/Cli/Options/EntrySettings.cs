using System.CommandLine;

namespace Nern.Cli.Options;

/// <summary>The options of some work on the command line: those of its catalogue.</summary>
internal sealed class EntrySettings<TOptions> where TOptions : class, new()
{
    private readonly Dictionary<OptionEntry<TOptions>, Option<string>> _options =
        OptionCatalog<TOptions>.All.ToDictionary(option => option, Make);

    internal IReadOnlyList<OptionGroup> Groups =>
        [.. OptionCatalog<TOptions>.Groups.Select(
            group => new OptionGroup(group.Title, [.. group.Options.Select(option => _options[option])]))];

    /// <summary>The options that are on the command line.</summary>
    internal IReadOnlyList<OptionEntry<TOptions>> Given(ParseResult result) =>
        [.. _options.Where(option => result.GetResult(option.Value) is { Implicit: false }).Select(option => option.Key)];

    /// <summary>Whether an option is on the command line.</summary>
    internal bool IsGiven(ParseResult result, string name) => Given(result).Any(option => option.Name == name);

    /// <summary><paramref name="options"/> with those on the command line in their place.</summary>
    internal TOptions Read(ParseResult result, TOptions options) =>
        Given(result).Aggregate(options, (options, option) => option.Set(options, Text(result, option)));

    private string Text(ParseResult result, OptionEntry<TOptions> option) =>
        result.GetResult(_options[option])!.Tokens is [var token, ..] ? token.Value : option.Bare!;

    private static Option<string> Make(OptionEntry<TOptions> option)
    {
        var name = $"--{option.Name}";
        var made = option.IsDashed ? new DashedOption(name) : new Option<string>(name);
        made.HelpName = option.Bare is null ? option.Shape : $"[{option.Shape}]";
        made.Description = option.Description;
        made.Arity = option.Bare is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne;
        made.DefaultValueFactory = _ => option.Default;
        made.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (option.Problem(name, text) is { } problem)
                result.AddError(problem);
            return text;
        };
        return made;
    }
}
