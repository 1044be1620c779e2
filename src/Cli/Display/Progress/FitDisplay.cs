using Nern.Cli.Shell;
using Nern.Evaluation;
using Nern.Fitting;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows how a fit goes on.</summary>
internal static class FitDisplay
{
    /// <summary>One that suits the terminal.</summary>
    /// <param name="terminal">Where it shows.</param>
    /// <param name="options">Those of the fit.</param>
    /// <param name="original">The original's accuracy, where there are test images.</param>
    internal static IProgressDisplay<FitProgress> Of(Terminal terminal, FitOptions options, Accuracy? original) => terminal.IsLive
        ? new LiveDisplay<FitProgress>(terminal.Console, new FitView(options, original))
        : new PlainFitDisplay(terminal.Output, original);
}
