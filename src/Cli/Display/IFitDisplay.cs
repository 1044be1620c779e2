using Nern.Training;

namespace Nern.Cli.Display;

/// <summary>Shows how a fit goes on.</summary>
internal interface IFitDisplay
{
    /// <summary>Runs <paramref name="fit"/> and shows what it reports meanwhile.</summary>
    T Show<T>(Func<T> fit);

    /// <summary>The part of the kernels that have been put in order; called from several threads, one at a time.</summary>
    void Ordering(double part);

    /// <summary>Where the fit stands.</summary>
    void Progress(FitProgress progress);

    /// <summary>A stop was asked for; called from another thread.</summary>
    void Stopping();

    /// <summary>The process is about to end in the midst of the work; called from another thread.</summary>
    void Abandon();
}
