using Nern.Cli.Shell;
using Nern.Evaluation;
using Nern.Fitting;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows how long work goes on.</summary>
/// <typeparam name="TProgress">What the work reports.</typeparam>
internal interface IProgressDisplay<TProgress> : IInterruptible
{
    /// <summary>Runs <paramref name="work"/> and shows what it reports meanwhile.</summary>
    T Show<T>(Func<T> work);

    /// <summary>How much of what comes before the work is done, 0 to 1; called from several threads, one at a time.</summary>
    void Preparing(double part);

    /// <summary>Where the work stands.</summary>
    void Progress(TProgress progress);
}

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
