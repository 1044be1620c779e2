using System.Runtime.CompilerServices;
using Nern.Cli.Recipes;
using Nern.Cli.Tests.Support;
using Nern.Predictor;
using Nern.Sweeps.Plans;

namespace Nern.Sweeps.Tests.Plans;

/// <summary>The plans that come with the project.</summary>
public sealed class ExperimentsTests : IDisposable
{
    private static readonly Expansion Expansion = new(new OptionTexts());

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string> Plans =>
        [.. Directory.EnumerateFiles(Folder(), "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Plans))]
    public void Every_plan_has_as_many_different_runs_as_its_page_says(string name)
    {
        var plan = Read(name);
        var subject = new SweepSubject(_workspace.Path("tiny.safetensors"), plan.Architecture, null);
        var page = File.ReadLines(Path.Combine(Folder(), "README.md"))
            .Single(line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));

        var runs = Expansion.Runs(Expansion.Points(plan, subject, paperBudget: false), plan.Seeds);

        Assert.Equal(page.Split('|')[^2].Trim(), $"{runs.Count}");
        Assert.Equal(runs.Count, runs.DistinctBy(run => run.Id).Count());
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_of_the_paper_s_has_its_budget_too(string name)
    {
        var plan = Read(name);
        if (!name.StartsWith("table", StringComparison.Ordinal) && !name.StartsWith("figure", StringComparison.Ordinal))
            return;
        var subject = new SweepSubject(_workspace.Path("tiny.safetensors"), plan.Architecture, null);

        var all = Expansion.Points(plan, subject, paperBudget: true).Select(point => point.Options);

        Assert.All(all, options => Assert.Equal(
            (70000, 256, 0L, Activation.Relu),
            (options.Budget.Steps, options.Inputs.Batch, options.Objective.Warmup, options.Predictor.Activation)));
    }

    private static SweepPlan Read(string name) => PlanReader.Read(
        Path.Combine(Folder(), name), Variables.Parse(["DATA=/data", "NETWORK=/data/network.safetensors", "SOURCE=shapes"]));

    private static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "experiments"));
}
