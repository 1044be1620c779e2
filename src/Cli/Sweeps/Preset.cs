namespace Nern.Cli.Sweeps;

/// <summary>A recipe and options on top of it.</summary>
/// <param name="Recipe">Its name or file, or null.</param>
/// <param name="Options">The options.</param>
internal sealed record Preset(string? Recipe, IReadOnlyList<PlanOption> Options)
{
    /// <summary>This preset with what <paramref name="other"/> says in place of what it says itself.</summary>
    internal Preset With(Preset other) => new(other.Recipe ?? Recipe, Merge(Options, other.Options));

    /// <summary>
    /// The options of both; where both have one, that of <paramref name="second"/>. Steps and minutes are one budget: either replaces both.
    /// </summary>
    internal static IReadOnlyList<PlanOption> Merge(IReadOnlyList<PlanOption> first, IReadOnlyList<PlanOption> second) =>
        [.. first.Where(option => second.All(other => other.Name != option.Name && !(other.IsBudget && option.IsBudget))), .. second];
}
