using System.Runtime.CompilerServices;
using Nern.Cli.Sweeps;
using Nern.Cli.Tests.Support;

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
        var plan = PlanReader.Read(Path.Combine(Folder(), name), Variables.Parse(["DATA=/data"]));
        var subject = new SweepSubject(_workspace.Path("tiny.safetensors"), plan.Architecture, null);
        var page = File.ReadLines(Path.Combine(Folder(), "README.md")).Single(line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));

        foreach (var paperBudget in new[] { false, true })
        {
            var runs = Expansion.Runs(Expansion.Points(plan, subject, paperBudget), plan.Seeds);
            Assert.Equal(page.Split('|')[^2].Trim(), $"{runs.Count}");
            Assert.All(runs, run => Assert.Equal(paperBudget ? (70000, 256) : (4000, 64), (run.Options.Steps, run.Options.Batch)));
        }
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "experiments"));
}
