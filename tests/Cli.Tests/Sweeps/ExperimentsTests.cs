using System.Runtime.CompilerServices;
using Nern.Cli.Sweeps;
using Nern.Cli.Tests.Support;
using Nern.Predictor;

namespace Nern.Cli.Tests.Sweeps;

/// <summary>The plans that come with the project.</summary>
public sealed class ExperimentsTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string> Plans =>
        [.. Directory.EnumerateFiles(Folder(), "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Plans))]
    public void Every_plan_has_as_many_different_runs_as_its_page_says(string name)
    {
        var plan = PlanReader.Read(Path.Combine(Folder(), name), Variables.Parse(["DATA=/data", "NETWORK=/data/network.safetensors", "SOURCE=shapes"]));
        var subject = new SweepSubject(_workspace.Path("tiny.safetensors"), plan.Architecture, null);
        var page = File.ReadLines(Path.Combine(Folder(), "README.md")).Single(line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));

        var runs = Expansion.Runs(Expansion.Points(plan, subject, paperBudget: false), plan.Seeds);

        Assert.Equal(page.Split('|')[^2].Trim(), $"{runs.Count}");
        Assert.Equal(runs.Count, runs.DistinctBy(run => run.Id).Count());
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_of_the_paper_s_has_its_budget_too(string name)
    {
        var plan = PlanReader.Read(Path.Combine(Folder(), name), Variables.Parse(["DATA=/data", "NETWORK=/data/network.safetensors", "SOURCE=shapes"]));
        if (!name.StartsWith("table", StringComparison.Ordinal) && !name.StartsWith("figure", StringComparison.Ordinal))
            return;
        var subject = new SweepSubject(_workspace.Path("tiny.safetensors"), plan.Architecture, null);

        var runs = Expansion.Runs(Expansion.Points(plan, subject, paperBudget: true), plan.Seeds);

        Assert.All(runs, run => Assert.Equal((70000, 256, 0L, Activation.Relu), (run.Options.Steps, run.Options.Batch, run.Options.Warmup, run.Options.Activation)));
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "experiments"));
}
