using System.CommandLine;
using Nern.Training;

namespace Nern.Cli.Options;

/// <summary>The options of a fit on the command line: those of the catalogue.</summary>
internal sealed class FitSettings
{
    private readonly Dictionary<FitOption, Option<string>> _options = FitOptionCatalog.All.ToDictionary(option => option, Make);

    internal IReadOnlyList<OptionGroup> Groups => [.. FitOptionCatalog.Groups.Select(Group)];

    /// <summary>The options of one subject.</summary>
    internal OptionGroup Group(FitOptionGroup group) => new(group.Title, [.. group.Options.Select(option => _options[option])]);

    /// <summary>The options of a recipe, with those given on the command line in their place; checked.</summary>
    /// <exception cref="NernException">An option is out of range.</exception>
    internal FitOptions Read(ParseResult result, FitOptions recipe)
    {
        var given = FitOptionCatalog.All.Where(option => result.GetResult(_options[option]) is { Implicit: false }).ToList();
        // A budget given here takes the place of all that the recipe says of it.
        var hasBudget = given.Any(option => option.Property is nameof(FitOptions.Steps) or nameof(FitOptions.Minutes));
        var options = given.Aggregate(
            hasBudget ? recipe with { Steps = 0, Minutes = null } : recipe,
            (options, option) => option.Set(options, Text(result, option)));
        return (hasBudget || options.Steps > 0 || options.Minutes is not null
            ? options
            : options with { Minutes = BudgetOptions.DefaultMinutes }).Validate();
    }

    private string Text(ParseResult result, FitOption option) =>
        result.GetResult(_options[option])!.Tokens is [var token, ..] ? token.Value : option.Bare!;

    private static Option<string> Make(FitOption option)
    {
        var name = $"--{option.Name}";
        return new(name)
        {
            HelpName = option.Bare is null ? option.Shape : $"[{option.Shape}]",
            Description = option.Description,
            Arity = option.Bare is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => option.Default,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (option.Problem(name, text) is { } problem)
                    result.AddError(problem);
                return text;
            },
        };
    }
}
