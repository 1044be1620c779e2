using System.CommandLine;
using System.Globalization;
using Nern.Cli.Display.Progress;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.NetworkFiles;
using Nern.Networks.Architectures;
using Nern.Sweeps;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;
using Nern.Sweeps.Tables;

namespace Nern.Cli.Commands;

/// <summary><c>nern sweep</c>: a plan of fits becomes tables.</summary>
internal sealed class SweepCommand : Command, IDocumented
{
    private readonly Terminal _terminal;

    private readonly Argument<string> _plan = new("PLAN") { Description = "The plan: a YAML file; experiments/ has some." };

    private readonly Option<string?> _output = Setting.Text("--output", "FOLDER", "Where runs.jsonl and the tables are written.", "-o");
    private readonly Option<bool> _keepFiles = Setting.Switch("--keep-files", "Keep the .nern file of every run, in FOLDER/runs.");
    private readonly Option<string?> _seeds = Setting.Text("--seeds", "S,S,…", "Seeds in place of the plan's.");
    private readonly Option<string[]> _only = Setting.Texts(
        "--only", "ROW|K", "Only runs of this row, or run K of those that --list lists; may be given again for another.");
    private readonly Option<bool> _paperBudget = Setting.Switch("--paper-budget", "Take the plan's paper-budget: days instead of minutes.");
    private readonly Option<string[]> _set = Setting.Texts(
        "--set", "NAME=VALUE", "The value of ${NAME} in the plan (default: the environment's NERN_NAME, else NAME); may be given again.");
    private readonly Option<int> _jobs = Setting.Number("--jobs", "N", 1, "Runs at a time; they share the cores.");
    private readonly Option<bool> _retryFailed = Setting.Switch("--retry-failed", "Do runs again that have failed.");
    private readonly Option<bool> _list = Setting.Switch(
        "--list", "Print a command for each run that is not done, for GNU parallel or a cluster's scheduler, and do nothing.");
    private readonly Option<bool> _dryRun = Setting.Switch("--dry-run", "List the runs and what is done of them, and do nothing.");

    internal SweepCommand(Terminal terminal)
        : base("sweep", """
            Does all fits of a plan, and writes tables of what they come to.

            A plan is a YAML file with rows of options, a grid of options that every row is tried with, and seeds. Every run
            leaves a line in runs.jsonl; table.md, table.csv and curves.csv are made from it after each. Runs that are done
            are not done again, so after Ctrl-C, SIGTERM or SIGHUP, or for more seeds, the same command goes on. Several
            processes, on machines that share FOLDER, may work at one plan: no run is done by two.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        Add(_plan);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "PLAN -o FOLDER [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern sweep experiments/table6-losses.yaml -o table6 --set DATA=/data",
        "nern sweep experiments/table6-losses.yaml -o table6 --set DATA=/data --seeds 3,4 --only \"all losses\"",
        "nern sweep experiments/table6-losses.yaml -o table6 --set DATA=/data --list | parallel -j 2",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Result", [_output, _keepFiles]),
        new("Plan", [_set, _seeds, _only, _paperBudget]),
        new("Runs", [_jobs, _retryFailed, _list, _dryRun]),
    ];

    private int Run(ParseResult result)
    {
        // Everything that can be wrong is looked at before the long work.
        var jobs = result.GetValue(_jobs);
        if (jobs < 1 || jobs > Environment.ProcessorCount)
            throw new NernException($"--jobs must be from 1 to the {Environment.ProcessorCount} cores there are; got {jobs}.");
        var plan = PlanReader.Read(result.GetRequiredValue(_plan), Variables.Parse(result.GetValue(_set) ?? []));
        var subject = new SweepSubject(plan.Network, plan.Architecture, plan.Data);
        _ = NetworkFile.Open(plan.Network).Network(checkpoint => ArchitectureRegistry.Build(plan.Architecture, checkpoint), state: null);
        var source = plan.Data is { } data ? DataSource.Parse(data) : null;
        _ = source?.Test;
        var expansion = new Expansion(new OptionTexts());
        var points = expansion.Points(plan, subject, result.GetValue(_paperBudget));
        if (points.Any(point => point.Options.Inputs.Noise == NoiseKind.None))
            _ = source?.Train;
        var runs = Chosen(expansion.Runs(points, Seeds(result) ?? plan.Seeds), result.GetValue(_only) ?? []);

        var folder = result.GetRequiredValue(_output)!;
        return result.GetValue(_list) ? ListCommands(result, runs, RunLog.Peek(folder)) : result.GetValue(_dryRun) ? List(runs, RunLog.Peek(folder)) : Fit(result, folder, plan, subject, points, runs, jobs);
    }

    private int Fit(
        ParseResult result, string folder, SweepPlan plan, SweepSubject subject, IReadOnlyList<SweepPoint> points,
        IReadOnlyList<(int Number, SweepRun Run)> chosen, int jobs)
    {
        SweepRun[] runs = [.. chosen.Select(run => run.Run)];
        var retryFailed = result.GetValue(_retryFailed);
        var command = $"nern {string.Join(' ', result.Tokens.Select(token => ShellWord.Of(token.Value)))}";
        var header = new SweepHeader(plan.Title, plan.Network, command);
        var log = RunLog.Open(folder);
        var left = runs.Count(run => Sweep.IsLeft(log.Find(run.Id), retryFailed));
        var clock = new SweepClock(runs.Length, runs.Select(run => log.Find(run.Id)).OfType<RunLine>(), left, jobs);
        ISweepDisplay display = _terminal.IsLive
            ? new LiveSweepDisplay(_terminal.Console, clock)
            : new PlainSweepDisplay(_terminal.Output, clock);
        using var interruption = new Interruption(_terminal, display);
        var fitter = new ProcessFitter(
            typeof(SweepCommand).Assembly.Location, subject, Path.Combine(folder, "runs"),
            jobs > 1 ? Environment.ProcessorCount / jobs : null, result.GetValue(_keepFiles));
        var sweep = new Sweep(log, fitter, display, () => SweepTables.Write(folder, header, PointSummary.All(points, log.Lines)));
        try
        {
            display.Show(() => sweep.Run(runs, jobs, retryFailed, interruption.Token));
        }
        catch (OperationCanceledException)
        {
            _terminal.Output.WriteLine($"Stopped after {clock.Done} of {runs.Length} runs; the same command goes on.");
            return _terminal.InterruptedCode;
        }
        var table = Path.Combine(folder, SweepTables.Markdown);
        _terminal.Output.WriteLine($"Wrote {table}.");
        if (sweep.Elsewhere.Count > 0)
            _terminal.Output.WriteLine($"{sweep.Elsewhere.Count} of {runs.Length} runs are being done by another process.");
        var failed = runs.Count(run => log.Find(run.Id)?.Error is not null);
        if (failed == 0)
            return ExitCode.Success;
        _terminal.Report($"{failed} of {runs.Length} runs failed, see '{table}'; --retry-failed does them again.");
        return ExitCode.BadInput;
    }

    private int List(IReadOnlyList<(int Number, SweepRun Run)> runs, IReadOnlyDictionary<string, RunLine> lines)
    {
        foreach (var (number, run) in runs)
        {
            var state = lines.GetValueOrDefault(run.Id) is { } line ? SweepText.Of(line) : "to do";
            var given = string.Join(' ', run.Given.Select(option => $"--{option.Key} {option.Value}"));
            _terminal.Output.WriteLine($"{number}. {run.Name}: {state}  [{given}]  {run.Id}");
        }
        _terminal.Output.WriteLine($"{runs.Count} runs, {runs.Count(run => !lines.ContainsKey(run.Run.Id))} to do.");
        return ExitCode.Success;
    }

    /// <summary>The command of each run that is left: this one, with the run's number.</summary>
    private int ListCommands(ParseResult result, IReadOnlyList<(int Number, SweepRun Run)> runs, IReadOnlyDictionary<string, RunLine> lines)
    {
        var only = result.GetResult(_only)?.Tokens.Select(token => token.Value).ToHashSet() ?? [];
        string[] tokens =
        [
            .. result.Tokens.Select(token => token.Value)
                .Where(token => token != _list.Name && token != _only.Name && !only.Contains(token)).Select(ShellWord.Of),
        ];
        foreach (var (number, run) in runs)
            if (Sweep.IsLeft(lines.GetValueOrDefault(run.Id), result.GetValue(_retryFailed)))
                _terminal.Output.WriteLine($"nern {string.Join(' ', tokens)} {_only.Name} {number}");
        return ExitCode.Success;
    }

    /// <summary>The runs that are asked for, each with its number among all.</summary>
    private static IReadOnlyList<(int Number, SweepRun Run)> Chosen(IReadOnlyList<SweepRun> runs, string[] only)
    {
        var rows = runs.Select(run => run.Point.Row).ToHashSet();
        var numbers = new HashSet<int>();
        foreach (var text in only.Where(text => !rows.Contains(text)))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new NernException($"--only: the plan has no row '{text}'{NearestName.Proposal(text, [.. rows])}");
            if (number < 1 || number > runs.Count)
                throw new NernException($"--only: the plan's runs are 1 to {runs.Count}; got {text}.");
            numbers.Add(number);
        }
        return [.. runs.Index().Select(run => (run.Index + 1, run.Item))
            .Where(run => only.Length == 0 || numbers.Contains(run.Item1) || only.Contains(run.Item.Point.Row))];
    }

    private ulong[]? Seeds(ParseResult result) => result.GetValue(_seeds) is not { } text ? null
        :
        [
            .. text.Split(',').Select(part => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                ? seed
                : throw new NernException($"--seeds takes whole numbers with commas between them, such as 0,1,2; got '{text}'.")),
        ];
}
