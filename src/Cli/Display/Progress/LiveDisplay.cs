using Spectre.Console;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows long work as a view that is written over.</summary>
internal sealed class LiveDisplay<TProgress>(IAnsiConsole console, ProgressView<TProgress> view) : IProgressDisplay<TProgress>
{
    private LiveDisplayContext? _context;

    /// <inheritdoc/>
    public T Show<T>(Func<T> work) => console.Live(view.Render()).Start(context =>
    {
        _context = context;
        return work();
    });

    /// <inheritdoc/>
    public void Preparing(double part)
    {
        // Thousands of reports a second would cost more than the work.
        if ((int)(100 * part) == (int)(100 * view.Prepared))
            return;
        view.Prepared = part;
        Update();
    }

    /// <inheritdoc/>
    public void Progress(TProgress progress)
    {
        view.Show(progress);
        Update();
    }

    /// <inheritdoc/>
    public void Stopping() => view.IsStopping = true;

    /// <inheritdoc/>
    public void Abandon() => console.Abandon();

    private void Update() => _context?.UpdateTarget(view.Render());
}

/// <summary>What ends a live display that will not get to its own end.</summary>
internal static class LiveDisplay
{
    internal static void Abandon(this IAnsiConsole console)
    {
        // It has hidden the cursor.
        console.Cursor.Show();
        console.WriteLine();
    }
}
