using System.Diagnostics;
using Nern.Sweeps;
using Nern.Sweeps.Plans;
using Nern.Sweeps.Results;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows a sweep as a line for each run under way that is written over, below a line for each that has ended.</summary>
internal sealed class LiveSweepDisplay(IAnsiConsole console, SweepClock clock) : ISweepDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Running> _running = [];
    private readonly List<string> _ended = [];
    private bool _isStopping;

    /// <inheritdoc/>
    public void Show(Func<Task> sweep) => console.Live(Render()).StartAsync(async context =>
    {
        var work = sweep();
        while (await Task.WhenAny(work, Task.Delay(Interval)) != work)
            context.UpdateTarget(Render());
        context.UpdateTarget(Render());
        await work;
    }).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Started(SweepRun run)
    {
        lock (_gate)
            _running[run.Id] = new(run.Name, Stopwatch.StartNew(), "starting");
    }

    /// <inheritdoc/>
    public void Told(SweepRun run, string line)
    {
        lock (_gate)
            _running[run.Id] = _running[run.Id] with { Line = line };
    }

    /// <inheritdoc/>
    public void Finished(SweepRun run, RunLine line)
    {
        lock (_gate)
        {
            clock.Count(line);
            _running.Remove(run.Id);
            _ended.Add($"{run.Name}: {SweepText.Of(line)}");
        }
    }

    /// <inheritdoc/>
    public void Stopping() => _isStopping = true;

    /// <inheritdoc/>
    public void Abandon() => console.Abandon();

    private Rows Render()
    {
        lock (_gate)
        {
            var running = _running.Values.Select(run => run.Clock.Elapsed);
            var left = clock.Left([.. running]) is { } time ? $", about {Figures.Time(time)} left" : "";
            return new(
            [
                .. _ended.TakeLast(Math.Max(1, console.Profile.Height / 2)).Select(line => (IRenderable)new Text(line)),
                .. _running.Values.SelectMany(run => (IRenderable[])
                [
                    new Markup($"[green]{Markup.Escape(run.Name)}[/]  {Figures.Time(run.Clock.Elapsed)}"),
                    new Markup($"  [grey]{Markup.Escape(run.Line)}[/]"),
                ]),
                new Text($"{clock.Done} of {clock.Total} runs done{left}"),
                .. _isStopping ? [new Markup($"[yellow]{SweepText.Stopping}[/]")] : Array.Empty<IRenderable>(),
            ]);
        }
    }

    private sealed record Running(string Name, Stopwatch Clock, string Line);
}
