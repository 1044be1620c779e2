namespace Nern.Cli.Sweeps;

/// <summary>An option as a plan gives it.</summary>
/// <param name="Name">Its name, as on the command line without the dashes.</param>
/// <param name="Text">Its value, as on the command line.</param>
/// <param name="Place">Where it stands, for errors.</param>
internal sealed record PlanOption(string Name, string Text, string Place)
{
    /// <summary>Whether it says when a run ends.</summary>
    internal bool IsBudget => Name is "steps" or "minutes";
}
