using Nern.Cli.Recipes;
using Nern.Cli.Tests.Support;
using Nern.Sweeps.Plans;

namespace Nern.Sweeps.Tests.Plans;

public sealed class ExpansionTests : IDisposable
{
    private static readonly Expansion Expansion = new(new OptionTexts());

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Later_settings_win_over_earlier_ones()
    {
        var points = Points(
            """
            options: { hidden: 10, depth: 3, kd: 0, fmd: 0, steps: 5 }
            paper-budget: { steps: 70 }
            rows: [{ name: a, options: { depth: 4 } }, { name: b, options: { steps: 6 } }]
            grid: { hidden: [11, 12] }
            """, paperBudget: true);

        Assert.Equal(
            ["a, hidden 11: 4 70", "a, hidden 12: 4 70", "b, hidden 11: 3 6", "b, hidden 12: 3 6"],
            points.Select(point => $"{point.Name}: {point.Options.Predictor.Depth} {point.Options.Budget.Steps}"));
        Assert.Equal([11, 12, 11, 12], points.Select(point => point.Options.Predictor.Hidden));
    }

    [Fact]
    public void Every_point_has_its_figure_of_the_paper() => Assert.Equal(
        [1, null, 3, null],
        Points("options: { noise: uniform, steps: 1 }\ngrid: { depth: [3, 4, 5, 6] }\nrows: [{ name: a, paper: [1, ~, 3, ~] }]")
            .Select(point => point.Paper));

    [Fact]
    public void All_points_come_with_the_first_seed_before_any_with_the_next() => Assert.Equal(
        ["a, seed 5", "b, seed 5", "a, seed 3", "b, seed 3"],
        Expansion.Runs(Points("options: { noise: uniform, steps: 1 }\nrows: [{ name: a }, { name: b, options: { hidden: 9 } }]"), [5, 3])
            .Select(run => run.Name));

    [Fact]
    public void Points_that_are_the_same_are_run_once()
    {
        var points = Points("options: { noise: uniform, steps: 1 }\nrows: [{ name: a, options: { hidden: 160 } }, { name: b }]");

        Assert.Equal(2, points.Count);
        Assert.Single(Expansion.Runs(points, [0]));
    }

    [Theory]
    [InlineData(
        "options: { steps: 1 }\nrows: [{ name: a, options: { hiden: 3 } }]",
        "line 5: There is no option 'hiden'; did you mean 'hidden'?")]
    [InlineData("options: { steps: many }\nrows: [{ name: a }]", "line 4: The option steps takes a whole number")]
    [InlineData("options: { kd: 0, fmd: 0 }\nrows: [{ name: a }]", "The row 'a': A fit needs a budget")]
    [InlineData("options: { steps: 1 }\nrows: [{ name: a }]", "The row 'a' distils: the plan needs 'data', or the row 'noise'.")]
    public void What_is_wrong_is_said(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<NernException>(() => Points(text)).Message);

    [Fact]
    public void The_papers_budget_must_be_in_the_plan() => Assert.Contains(
        "paper-budget",
        Assert.Throws<NernException>(() => Points("options: { steps: 1 }\nrows: [{ name: a }]", paperBudget: true)).Message);

    [Fact]
    public void A_recipe_is_what_options_are_set_on()
    {
        _workspace.Write("mine.yaml", "hidden: 12\nsteps: 9\nkd: 0\nfmd: 0"u8.ToArray());

        var options = Assert.Single(Points("recipe: mine.yaml\noptions: { depth: 3 }\nrows: [{ name: a }]")).Options;

        Assert.Equal((12, 9, 3), (options.Predictor.Hidden, options.Budget.Steps, options.Predictor.Depth));
    }

    [Fact]
    public void A_seed_of_the_recipe_decides_nothing()
    {
        _workspace.Write("mine.yaml", "seed: 3"u8.ToArray());

        var group = Assert.Single(Points("recipe: mine.yaml\noptions: { noise: uniform, steps: 1 }\nrows: [{ name: a }]")).Group;

        Assert.Equal(Assert.Single(Points("options: { noise: uniform, steps: 1 }\nrows: [{ name: a }]")).Group, group);
    }

    [Fact]
    public void A_budget_replaces_every_earlier_one()
    {
        var points = Points(
            """
            recipe: paper
            options: { noise: uniform, minutes: 3 }
            paper-budget: { recipe: default, steps: 70 }
            rows: [{ name: a }, { name: b, options: { minutes: 1 } }]
            """, paperBudget: true);

        Assert.Equal([(70, null), (0, 1.0)], points.Select(point => (point.Options.Budget.Steps, point.Options.Budget.Minutes)));
    }

    private IReadOnlyList<SweepPoint> Points(string text, bool paperBudget = false)
    {
        var plan = _workspace.ReadPlan("network: tiny.safetensors\narchitecture: resnet8\nseeds: [0]\n" + text);
        return Expansion.Points(plan, new(plan.Network, plan.Architecture, plan.Data), paperBudget);
    }
}
