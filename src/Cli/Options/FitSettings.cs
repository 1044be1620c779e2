using System.CommandLine;
using Nern.Fitting;

namespace Nern.Cli.Options;

/// <summary>The options of a fit on the command line.</summary>
internal sealed class FitSettings
{
    private readonly EntrySettings<FitOptions> _settings = new(FitOptionCatalog.Groups);

    internal IReadOnlyList<OptionGroup> Groups => _settings.Groups;

    /// <summary>The options of one subject.</summary>
    internal OptionGroup Group(OptionEntryGroup<FitOptions> group) => _settings.Group(group);

    /// <summary>The options of a recipe, with those given on the command line in their place; checked.</summary>
    /// <exception cref="NernException">An option is out of range.</exception>
    internal FitOptions Read(ParseResult result, FitOptions recipe)
    {
        // A budget given here takes the place of all that the recipe says of it.
        var hasBudget = _settings.Given(result).Any(option => option.Property is nameof(FitOptions.Steps) or nameof(FitOptions.Minutes));
        var options = _settings.Read(result, hasBudget ? recipe with { Steps = 0, Minutes = null } : recipe);
        return (hasBudget || options.Steps > 0 || options.Minutes is not null
            ? options
            : options with { Minutes = BudgetOptions.DefaultMinutes }).Validate();
    }
}
