using Nern.Data;
using Nern.Fitting;

namespace Nern.Sweeps.Plans;

/// <summary>Makes the runs of a plan.</summary>
/// <param name="texts">Knows the options of a fit.</param>
internal sealed class Expansion(IOptionTexts texts)
{
    /// <summary>Every row at every point of the grid.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="paperBudget">Whether the paper's budget takes the place of the plan's own.</param>
    /// <exception cref="NernException">An option cannot be used; the message names its line.</exception>
    internal IReadOnlyList<SweepPoint> Points(SweepPlan plan, SweepSubject subject, bool paperBudget)
    {
        var common = !paperBudget ? plan.Common
            : plan.PaperBudget is { } budget ? plan.Common.With(budget)
            : throw new NernException($"--paper-budget needs 'paper-budget' in the plan '{plan.Title}'.");
        return [.. plan.Rows.SelectMany(row => plan.Grid.Points().Zip(row.Paper, (point, paper) =>
        {
            var options = Read(new(common.Recipe, Preset.Merge(Preset.Merge(common.Options, row.Options), point)), row.Name);
            if (plan.Data is null && options.Objective.Weights.Distils && options.Inputs.Noise == NoiseKind.None)
                throw new NernException($"The row '{row.Name}' distils: the plan needs 'data', or the row 'noise'.");
            return new SweepPoint(
                row.Name, point.ToDictionary(value => value.Name, value => value.Text), options, paper,
                subject.GroupOf(texts.Write(options with { Seed = 0 })));
        }))];
    }

    /// <summary>The runs: every point with the first seed, then with the next, so that a table is soon complete.</summary>
    internal IReadOnlyList<SweepRun> Runs(IReadOnlyList<SweepPoint> points, IReadOnlyList<ulong> seeds) =>
        [.. seeds.SelectMany(seed => points.Select(point => new SweepRun(point, seed, Given(point, seed)))).DistinctBy(run => run.Id)];

    private Dictionary<string, string> Given(SweepPoint point, ulong seed) =>
        texts.Write(point.Options with { Seed = seed }).Except(texts.Write(new())).ToDictionary();

    private FitOptions Read(Preset preset, string row)
    {
        var recipe = texts.Recipe(preset.Recipe);
        if (preset.Options.Any(option => option.IsBudget))
            recipe = recipe with { Budget = recipe.Budget with { Steps = 0, Minutes = null } };
        var options = preset.Options.Aggregate(recipe, Apply);
        try
        {
            return options.Validate();
        }
        catch (NernException exception)
        {
            throw new NernException($"The row '{row}': {exception.Message}", exception);
        }
    }

    private FitOptions Apply(FitOptions options, PlanOption option)
    {
        try
        {
            return texts.Set(options, option.Name, option.Text);
        }
        catch (NernException exception)
        {
            throw new NernException($"{option.Place}: {exception.Message}", exception);
        }
    }
}
