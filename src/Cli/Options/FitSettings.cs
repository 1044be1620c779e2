using System.CommandLine;
using Nern.Fitting;

namespace Nern.Cli.Options;

/// <summary>The options of a fit on the command line.</summary>
internal sealed class FitSettings
{
    /// <summary>The budget of a fit for which none is given.</summary>
    internal const double DefaultMinutes = 10;

    private readonly EntrySettings<FitOptions> _settings = new();

    internal IReadOnlyList<OptionGroup> Groups => _settings.Groups;

    /// <summary>Whether an option is on the command line.</summary>
    internal bool IsGiven(ParseResult result, string name) => _settings.IsGiven(result, name);

    /// <summary>The options of a recipe, with those given on the command line in their place; checked.</summary>
    /// <exception cref="NernException">An option is out of range.</exception>
    internal FitOptions Read(ParseResult result, FitOptions recipe)
    {
        // A budget given here takes the place of all that the recipe says of it.
        var hasBudget = IsGiven(result, "steps") || IsGiven(result, "minutes");
        var budget = recipe.Budget with { Steps = 0, Minutes = null };
        var options = _settings.Read(result, hasBudget ? recipe with { Budget = budget } : recipe);
        return (options.Budget is { Steps: 0, Minutes: null } && !hasBudget
            ? options with { Budget = options.Budget with { Minutes = DefaultMinutes } }
            : options).Validate();
    }
}
