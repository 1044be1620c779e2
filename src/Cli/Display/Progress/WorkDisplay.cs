using Nern.Cli.Shell;
using Spectre.Console;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows how far a piece of work is: a bar with the time left on a terminal, else a line on stderr each quarter.</summary>
internal static class WorkDisplay
{
    /// <summary>Runs <paramref name="work"/> and shows what it reports, 0 to 1: from any thread, one at a time.</summary>
    internal static void Show(Terminal terminal, string title, Action<IProgress<double>> work)
    {
        if (!terminal.IsLive)
        {
            var shown = 0;
            work(new ImmediateProgress(part =>
            {
                if ((int)(4 * part) > shown)
                    terminal.Report($"{title}: {25 * (shown = (int)(4 * part))} %");
            }));
            return;
        }
        terminal.Console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                work(new ImmediateProgress(part => task.Value = part));
            });
    }
}

/// <summary>Passes reports on at once: Progress&lt;T&gt; would do so from another thread, later.</summary>
internal sealed class ImmediateProgress(Action<double> report) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => report(value);
}
