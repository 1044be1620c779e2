using Nern.Cli.Shell;

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
