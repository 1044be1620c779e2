using Nern.Fitting;
using Spectre.Console;

namespace Nern.Cli.Display;

/// <summary>Shows a fit as a table that is written over.</summary>
internal sealed class LiveFitDisplay(IAnsiConsole console, FitView view) : LiveDisplay<FitProgress>(console, view), IFitDisplay
{
    /// <inheritdoc/>
    public void Ordering(double part)
    {
        // Thousands of reports a second would cost more than the work.
        if ((int)(100 * part) == (int)(100 * view.Ordered))
            return;
        view.Ordered = part;
        Update();
    }
}
