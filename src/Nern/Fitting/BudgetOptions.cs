using Nern.Options;

namespace Nern.Fitting;

/// <summary>How long a fit runs. Steps and minutes count alike: whichever are used up first end it.</summary>
public sealed record BudgetOptions
{
    /// <summary>Steps in all; 0 leaves the end to <see cref="Minutes"/>.</summary>
    [Option(
        "Steps in all; with a number of steps alone, equal seeds give equal files. 0 leaves the end to the minutes.",
        "Minutes are what one knows to have. The paper takes about 70000 steps for CIFAR-10.", From = 0)]
    public long Steps { get; init; }

    /// <summary>Minutes in all, or null. With a budget of time the schedule follows the clock, and runs are not bit-equal.</summary>
    [Option(
        "Minutes in all, whichever ends first; 10 where neither steps nor minutes are given.",
        "Enough for a good ResNet-20 on two cores (docs/results.md).", Shape = "M", Above = 0, To = 1e6, Absent = "none")]
    public double? Minutes { get; init; }

    /// <summary>Rounds, which share the budget: each after the first fits the reconstruction of the one before.</summary>
    [Option(
        "Rounds that share the budget: each after the first fits the reconstruction of the one before, which is smoother.",
        "docs/recipe.md. Proposed by Choi et al., 2024.", Shape = "K", From = 1, To = 1000)]
    public int Rounds { get; init; } = 1;

    /// <summary>Steps between two evaluations; 0 evaluates twenty times in all.</summary>
    [Option(
        "Steps between two evaluations; 0 spreads twenty over the fit.", "Twenty are enough to catch the best state, and cost little.",
        From = 0)]
    public long EvaluateEvery { get; init; }

    /// <summary>A round's share.</summary>
    internal BudgetOptions OfRound => this with { Steps = Steps == 0 ? 0 : Math.Max(1, Steps / Rounds), Minutes = Minutes / Rounds };
}
