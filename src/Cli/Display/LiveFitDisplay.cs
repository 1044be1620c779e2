using Nern.Analysis;
using Nern.Training;
using Spectre.Console;

namespace Nern.Cli.Display;

/// <summary>Shows a fit as a table that is written over.</summary>
internal sealed class LiveFitDisplay(IAnsiConsole console, FitOptions options, Accuracy? original) : IFitDisplay
{
    private readonly FitView _view = new(options, original);
    private LiveDisplayContext? _context;

    /// <inheritdoc/>
    public T Show<T>(Func<T> fit) => console.Live(_view.Render()).Start(context =>
    {
        _context = context;
        return fit();
    });

    /// <inheritdoc/>
    public void Ordering(double part)
    {
        // Thousands of reports a second would cost more than the work.
        if ((int)(100 * part) == (int)(100 * _view.Ordered))
            return;
        _view.Ordered = part;
        Update();
    }

    /// <inheritdoc/>
    public void Progress(FitProgress progress)
    {
        _view.Show(progress);
        Update();
    }

    /// <inheritdoc/>
    public void Stopping() => _view.IsStopping = true;

    /// <inheritdoc/>
    public void Abandon()
    {
        // The live display has hidden the cursor and will not get to show it again.
        console.Cursor.Show();
        console.WriteLine();
    }

    private void Update() => _context?.UpdateTarget(_view.Render());
}
