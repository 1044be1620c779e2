using Nern.Cli.Tests.Support;
using Nern.Sweeps.Plans;

namespace Nern.Sweeps.Tests.Plans;

public sealed class PlanReaderTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Read_takes_everything_over()
    {
        var plan = _workspace.ReadPlan(
            """
            title: Table 6
            network: ${MODELS}/tiny.safetensors
            architecture: resnet8
            data: cifar10:${MODELS}/../cifar
            recipe: paper
            options: { hidden: 160, kd: 1e-3 }
            paper-budget: { recipe: default, steps: 70000 }
            seeds: [0, 18446744073709551615]
            rows:
              - name: all
                paper: 91.04
              - { name: none, options: { kd: 0 } }
            """, "MODELS=/models");

        Assert.Equal("Table 6", plan.Title);
        Assert.Equal("/models/tiny.safetensors", plan.Network);
        Assert.Equal("resnet8", plan.Architecture);
        Assert.Equal("cifar10:/cifar", plan.Data);
        Assert.Equal("paper", plan.Common.Recipe);
        Assert.Equal(["hidden 160", "kd 1e-3"], Texts(plan.Common.Options));
        Assert.Equal("default", plan.PaperBudget!.Recipe);
        Assert.Equal(["steps 70000"], Texts(plan.PaperBudget.Options));
        Assert.Equal([0, ulong.MaxValue], plan.Seeds);
        Assert.Equal(["all", "none"], plan.Rows.Select(row => row.Name));
        Assert.Equal([91.04, null], plan.Rows.SelectMany(row => row.Paper));
        Assert.Equal(["kd 0"], Texts(plan.Rows[1].Options));
        Assert.Equal(1, plan.Grid.Count);
    }

    [Fact]
    public void Paths_are_relative_to_the_plan()
    {
        var plan = _workspace.ReadPlan(PlanText.Start + "data: cifar10:images\nrecipe: mine.yaml\nrows: [{ name: a }]");

        Assert.Equal(_workspace.Path("models/tiny.safetensors"), plan.Network);
        Assert.Equal($"cifar10:{_workspace.Path("images")}", plan.Data);
        Assert.Equal(_workspace.Path("mine.yaml"), plan.Common.Recipe);
    }

    [Fact]
    public void A_grid_has_every_combination_and_a_figure_of_the_paper_for_each()
    {
        var plan = _workspace.ReadPlan(
            PlanText.Start + "grid: { hidden: [140, 160], depth: [4, 5] }\nrows: [{ name: a, paper: [1, ~, 3.5, 4] }, { name: b }]");

        Assert.Equal(["hidden", "depth"], plan.Grid.Names);
        Assert.Equal(
            ["hidden 140 depth 4", "hidden 140 depth 5", "hidden 160 depth 4", "hidden 160 depth 5"],
            plan.Grid.Points().Select(point => string.Join(' ', Texts(point))));
        Assert.Equal([1, null, 3.5, 4], plan.Rows[0].Paper);
        Assert.Equal([null, null, null, null], plan.Rows[1].Paper);
    }

    [Theory]
    [InlineData("netwrok: x", 1, "there is no key 'netwrok' here; did you mean 'network'?")]
    [InlineData("rows: [{ name: a, papre: 3 }]", 6, "there is no key 'papre' here; did you mean 'paper'?")]
    [InlineData("rows: [{ options: { kd: 0 } }]", 6, "this row has no name.")]
    [InlineData("rows: [{ name: a }, { name: a }]", 6, "there are two rows 'a'.")]
    [InlineData("rows: []", 6, "expected at least one row, found a list.")]
    [InlineData("rows: yes", 6, "expected a list, found 'yes'.")]
    [InlineData("rows: [{ name: a, paper: good }]", 6, "expected a number, found 'good'.")]
    [InlineData("rows: [{ name: a }]\ngrid: { hidden: 140 }", 7, "expected a list, found '140'.")]
    [InlineData("rows: [{ name: a }]\ngrid: { hidden: [] }", 7, "expected at least one value, found a list.")]
    [InlineData("rows: [{ name: a, paper: [1] }]\ngrid: { hidden: [140, 160] }", 6,
        "expected a figure for each of the 2 points of the grid (~ where there is none), found 1.")]
    [InlineData(
        "rows:\n  - name: a\n    options:\n      depth: 3\ngrid: { depth: [3, 4] }", 9, "'depth' is an option of the grid already.")]
    [InlineData("rows: [{ name: a, options: { seed: 3 } }]", 6, "'seed' is no option of a run here: the plan has 'seeds'.")]
    [InlineData("rows: [{ name: a, options: { kd: } }]", 6, "expected a value, found nothing.")]
    [InlineData("rows: [{ name: a }]\ndata: cifar10:${NERN_TEST_NOWHERE}", 7,
        "${NERN_TEST_NOWHERE} has no value: give it with --set NERN_TEST_NOWHERE=VALUE "
        + "or in the environment variable NERN_NERN_TEST_NOWHERE.")]
    public void What_is_wrong_is_said_with_its_line(string end, int line, string problem)
    {
        var text = end.StartsWith("netwrok", StringComparison.Ordinal) ? end : PlanText.Start + end;

        var exception = Assert.Throws<NernException>(() => _workspace.ReadPlan(text));

        Assert.Equal($"'{_workspace.Path("plan.yaml")}', line {line}: {problem}", exception.Message);
    }

    [Theory]
    [InlineData("seeds: []")]
    [InlineData("seeds: [1, 1]")]
    [InlineData("seeds: [-1]")]
    [InlineData("seeds: 1")]
    public void Seeds_are_numbers_that_differ(string seeds) => Assert.Throws<NernException>(
        () => _workspace.ReadPlan($"network: n\narchitecture: a\nrows: [{{ name: a }}]\n{seeds}"));

    [Theory]
    [InlineData("network")]
    [InlineData("architecture")]
    [InlineData("seeds")]
    [InlineData("rows")]
    public void A_key_that_is_missing_is_named(string key)
    {
        var lines = (PlanText.Start + "rows: [{ name: a }]").Split('\n').Where(line => !line.StartsWith(key, StringComparison.Ordinal));

        var exception = Assert.Throws<NernException>(() => _workspace.ReadPlan(string.Join('\n', lines)));

        Assert.EndsWith($"the plan has no '{key}'.", exception.Message);
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: 1\na: 2")]
    [InlineData("")]
    [InlineData("--- 1\n--- 2")]
    [InlineData("- a")]
    public void A_file_that_is_no_plan_is_refused(string text) => Assert.Throws<NernException>(() => _workspace.ReadPlan(text));

    [Fact]
    public void Hostile_files_are_refused_and_not_followed()
    {
        Assert.Contains("nested more than", Assert.Throws<NernException>(() => _workspace.ReadPlan(new string('[', 500_000))).Message);
        Assert.Contains("at most", Assert.Throws<NernException>(() => _workspace.ReadPlan(new string(' ', 2_000_000))).Message);
        Assert.Contains("line 1: an alias", Assert.Throws<NernException>(() => _workspace.ReadPlan("? &x [*x]\n: 1")).Message);
        var axes = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"o{i}: [1, 2, 3, 4, 5, 6, 7, 8]"));
        Assert.Contains("the grid has more than", Assert.Throws<NernException>(
            () => _workspace.ReadPlan($"{PlanText.Start}rows: [{{ name: a }}]\ngrid: {{ {axes} }}")).Message);
    }

    [Fact]
    public void A_plan_that_is_not_there_is_said_so() => Assert.Contains(
        "cannot be read: expected a plan, found no such file",
        Assert.Throws<NernException>(() => PlanReader.Read("/nowhere/plan.yaml", Variables.Parse([]))).Message);

    private static IEnumerable<string> Texts(IEnumerable<PlanOption> options) => options.Select(option => $"{option.Name} {option.Text}");
}
