using Nern.Engine;
using Nern.Fitting;
using static Nern.Cli.Options.ValueSyntax;

namespace Nern.Cli.Options;

/// <summary>How long a fit runs, and how exactly it repeats.</summary>
internal static class BudgetOptions
{
    /// <summary>The budget of a fit for which none is given.</summary>
    internal const double DefaultMinutes = 10;

    internal static OptionEntryGroup<FitOptions> Group { get; } = new("Budget",
    [
        FitOption.Of(o => o.Steps, (o, value) => o with { Steps = value }, Number<long>("N", ValueRange.AtLeast(0)),
            "Steps in all; with a number of steps alone, equal seeds give equal files. 0 leaves the end to the minutes.",
            why: "Minutes are what one knows to have. The paper takes about 70000 steps for CIFAR-10."),
        FitOption.Of(o => o.Minutes, (o, value) => o with { Minutes = value }, Number<double>("M", ValueRange.Above(0, 1e6)).Or("none"),
            $"Minutes in all, whichever ends first; {DefaultMinutes} where neither steps nor minutes are given.",
            why: "Enough for a good ResNet-20 on two cores (docs/results.md)."),
        FitOption.Of(o => o.Rounds, (o, value) => o with { Rounds = value }, Number<int>("K", new(1, 1000)),
            "Rounds that share the budget: each after the first fits the reconstruction of the one before, which is smoother.",
            why: "docs/recipe.md. Proposed by Choi et al., 2024."),
        FitOption.Of(o => o.EvaluateEvery, (o, value) => o with { EvaluateEvery = value }, Number<long>("N", ValueRange.AtLeast(0)),
            "Steps between two evaluations; 0 spreads twenty over the fit.",
            why: "Twenty are enough to catch the best state, and cost little."),
        FitOption.Of(o => o.Precision, (o, value) => o with { Precision = value }, Choice<Precision>().Or("auto"),
            "Precision of the networks while fitting; evaluations and the file are always f32. "
            + "Auto is bf16 where the processor has it, else f32.",
            why: "bf16 is as good, and a step takes less than half the time (docs/performance.md). The paper has f32."),
        FitOption.Of(o => o.Seed, (o, value) => o with { Seed = value }, Number<ulong>("S"),
            "Seed of all randomness.",
            why: "Any seed would do; a fixed one makes fits repeatable."),
    ]);
}
