using Nern.Cli.Sweeps;

namespace Nern.Cli.Display;

/// <summary>Shows how a sweep goes on; called from several threads.</summary>
internal interface ISweepDisplay
{
    /// <summary>Runs <paramref name="sweep"/> and shows what it reports meanwhile.</summary>
    void Show(Func<Task> sweep);

    /// <summary>A run begins.</summary>
    void Started(SweepRun run);

    /// <summary>A run under way says how it goes.</summary>
    void Told(SweepRun run, string line);

    /// <summary>A run has ended, well or not.</summary>
    void Finished(SweepRun run, RunLine line);

    /// <summary>A stop was asked for.</summary>
    void Stopping();

    /// <summary>The process is about to end in the midst of the work.</summary>
    void Abandon();
}
