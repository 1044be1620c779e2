namespace Nern.Cli.Display;

/// <summary>Shows how long work goes on.</summary>
/// <typeparam name="TProgress">What the work reports.</typeparam>
internal interface IProgressDisplay<TProgress>
{
    /// <summary>Runs <paramref name="work"/> and shows what it reports meanwhile.</summary>
    T Show<T>(Func<T> work);

    /// <summary>Where the work stands.</summary>
    void Progress(TProgress progress);

    /// <summary>A stop was asked for; called from another thread.</summary>
    void Stopping();

    /// <summary>The process is about to end in the midst of the work; called from another thread.</summary>
    void Abandon();
}
