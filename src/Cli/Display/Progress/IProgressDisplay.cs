using Nern.Cli.Shell;
using Nern.Fitting;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows how long work goes on.</summary>
/// <typeparam name="TProgress">What the work reports.</typeparam>
internal interface IProgressDisplay<TProgress> : IInterruptible
{
    /// <summary>Runs <paramref name="work"/> and shows what it reports meanwhile.</summary>
    T Show<T>(Func<T> work);

    /// <summary>Where the work stands.</summary>
    void Progress(TProgress progress);
}

/// <summary>Shows how a fit goes on.</summary>
internal interface IFitDisplay : IProgressDisplay<FitProgress>
{
    /// <summary>The part of the kernels that have been put in order; called from several threads, one at a time.</summary>
    void Ordering(double part);
}
