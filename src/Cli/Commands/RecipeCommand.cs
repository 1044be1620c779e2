using System.CommandLine;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Cli.Shell;

namespace Nern.Cli.Commands;

/// <summary><c>nern recipe</c>: the options of a fit, as a file that <c>nern fit --recipe</c> takes.</summary>
internal sealed class RecipeCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly FitSettings _fit = new();

    private readonly Argument<string> _recipe = new("RECIPE")
    {
        Description = $"What to start from: {string.Join(" or ", Recipe.Names)}, or a YAML file. [{Recipe.Default}]",
        DefaultValueFactory = _ => Recipe.Default,
    };

    internal RecipeCommand(Terminal terminal)
        : base("recipe", """
            Prints a recipe: every option of a fit as YAML, for nern fit --recipe.

            What is given here takes the place of what the recipe says.
            """)
    {
        _terminal = terminal;
        Add(_recipe);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "[RECIPE] [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern recipe paper --hidden 180 > mine.yaml"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => _fit.Groups;

    private int Run(ParseResult result)
    {
        RecipeWriter.Write(_fit.Read(result, Recipe.Load(result.GetRequiredValue(_recipe))), _terminal.Output);
        _terminal.CheckOutput();
        return ExitCode.Success;
    }
}
