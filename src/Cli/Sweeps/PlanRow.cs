namespace Nern.Cli.Sweeps;

/// <summary>A row of a plan: a setting that is compared with others.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Options">What sets it apart.</param>
/// <param name="Paper">The paper's accuracies in per cent, one for each point of the grid; null where there is none.</param>
internal sealed record PlanRow(string Name, IReadOnlyList<PlanOption> Options, IReadOnlyList<double?> Paper);
