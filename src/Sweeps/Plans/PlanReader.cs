using Nern.Data;

namespace Nern.Sweeps.Plans;

/// <summary>Reads plan files. Their format is in experiments/README.md.</summary>
internal sealed class PlanReader
{
    private readonly Variables _variables;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, PlanNode> _plan;
    private readonly PlanNode _root;

    private PlanReader(PlanNode root, Variables variables)
    {
        _variables = variables;
        _folder = Path.GetDirectoryName(Path.GetFullPath(root.File))!;
        _root = root;
        _plan = root.Map("title", "network", "architecture", "data", "recipe", "options", "paper-budget", "seeds", "rows", "grid");
    }

    /// <summary>Reads the plan at <paramref name="path"/>; paths in it are relative to its folder.</summary>
    /// <exception cref="NernException">It cannot be used; the message names the line.</exception>
    internal static SweepPlan Read(string path, Variables variables) => new PlanReader(PlanNode.Read(path), variables).Read();

    private SweepPlan Read()
    {
        var grid = Find("grid") is { } node ? ReadGrid(node) : new Grid([]);
        return new()
        {
            Title = Find("title")?.Text() ?? Path.GetFileNameWithoutExtension(_root.File),
            Network = Absolute(Fill(Required("network"))),
            Architecture = Fill(Required("architecture")),
            Data = Find("data") is { } data ? ReadData(data) : null,
            Common = new(ReadRecipe(Find("recipe")), ReadOptions(Find("options"))),
            PaperBudget = Find("paper-budget") is { } budget ? ReadPreset(budget) : null,
            Seeds = ReadSeeds(Required("seeds")),
            Rows = ReadRows(Required("rows"), grid),
            Grid = grid,
        };
    }

    private Preset ReadPreset(PlanNode node)
    {
        var recipe = node.Entries().Where(entry => entry.Key == "recipe").Select(entry => (PlanNode?)entry.Value).FirstOrDefault();
        return new(ReadRecipe(recipe), ReadOptions(node, "recipe"));
    }

    private static ulong[] ReadSeeds(PlanNode node)
    {
        ulong[] seeds = [.. node.Items().Select(item => item.Number<ulong>())];
        return seeds.Length > 0 && seeds.Distinct().Count() == seeds.Length
            ? seeds
            : throw node.Unexpected("seeds that differ from each other");
    }

    private PlanRow[] ReadRows(PlanNode node, Grid grid)
    {
        PlanRow[] rows = [.. node.Items().Select(item => ReadRow(item, grid))];
        if (rows.Length == 0)
            throw node.Unexpected("at least one row");
        if (rows.CountBy(row => row.Name).FirstOrDefault(count => count.Value > 1).Key is { } name)
            throw new NernException($"{node.Place}: there are two rows '{name}'.");
        return rows;
    }

    private PlanRow ReadRow(PlanNode node, Grid grid)
    {
        var row = node.Map("name", "options", "paper");
        if (!row.TryGetValue("name", out var name))
            throw new NernException($"{node.Place}: this row has no name.");
        var options = ReadOptions(row.TryGetValue("options", out var given) ? given : null);
        if (options.FirstOrDefault(option => grid.Names.Contains(option.Name)) is { } twice)
            throw new NernException($"{twice.Place}: '{twice.Name}' is an option of the grid already.");
        return new(name.Text(), options, row.TryGetValue("paper", out var paper) ? ReadPaper(paper, grid) : new double?[grid.Count]);
    }

    // One figure where there is no grid, else one for each of its points.
    private static double?[] ReadPaper(PlanNode node, Grid grid)
    {
        var figures = grid.Axes.Count == 0 ? [node] : node.Items();
        return figures.Count == grid.Count
            ? [.. figures.Select(figure => figure.IsNull ? (double?)null : figure.Number<double>())]
            : throw new NernException(
                $"{node.Place}: expected a figure for each of the {grid.Count} points of the grid (~ where there is none), "
                + $"found {figures.Count}.");
    }

    private static Grid ReadGrid(PlanNode node)
    {
        var grid = new Grid([.. node.Entries().Select(entry => ReadAxis(entry.Key, entry.Value))]);
        return grid.Axes.Aggregate(1.0, (product, axis) => product * axis.Count) <= SweepPlan.LargestGrid
            ? grid
            : throw new NernException($"{node.Place}: the grid has more than {SweepPlan.LargestGrid} points.");
    }

    private static IReadOnlyList<PlanOption> ReadAxis(string name, PlanNode node) => node.Items() is { Count: > 0 } values
        ? [.. values.Select(value => ReadOption(name, value))]
        : throw node.Unexpected("at least one value");

    private static PlanOption[] ReadOptions(PlanNode? node, params string[] apart) =>
        [.. (node?.Entries() ?? []).Where(entry => !apart.Contains(entry.Key)).Select(entry => ReadOption(entry.Key, entry.Value))];

    private static PlanOption ReadOption(string name, PlanNode value) => name == "seed"
        ? throw new NernException($"{value.Place}: 'seed' is no option of a run here: the plan has 'seeds'.")
        : new(name, value.IsList ? string.Join(',', value.Items().Select(item => item.Text())) : value.Text(), value.Place);

    // A name has no folder, a file has one or an extension.
    private string? ReadRecipe(PlanNode? node) => node is not { } recipe ? null
        : Fill(recipe) is var text && (text.Contains('/', StringComparison.Ordinal) || Path.HasExtension(text)) ? Absolute(text)
        : text;

    private string ReadData(PlanNode node) => DataSource.Parse(Fill(node)).From(_folder).ToString();

    private string Absolute(string path) => Path.GetFullPath(path, _folder);

    private string Fill(PlanNode node) => _variables.Fill(node.Text(), node.Place);

    private PlanNode? Find(string key) => _plan.TryGetValue(key, out var node) ? node : null;

    private PlanNode Required(string key) => Find(key) ?? throw new NernException($"{_root.Place}: the plan has no '{key}'.");
}
