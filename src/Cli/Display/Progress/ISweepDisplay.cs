using Nern.Cli.Shell;
using Nern.Sweeps;
using Nern.Sweeps.Results;

namespace Nern.Cli.Display.Progress;

/// <summary>Shows how a sweep goes on; called from several threads.</summary>
internal interface ISweepDisplay : ISweepListener, IInterruptible
{
    /// <summary>Runs <paramref name="sweep"/> and shows what it reports meanwhile.</summary>
    void Show(Func<Task> sweep);
}

/// <summary>What the displays of a sweep say.</summary>
internal static class SweepText
{
    internal const string Stopping = "stopping after the steps in hand; the same command goes on later";

    /// <summary>What a run has come to.</summary>
    internal static string Of(RunLine line) => line.Result is not { } result
        ? $"failed: {line.Error}"
        : $"{(result.Accuracy is { } accuracy ? $"accuracy {accuracy}" : $"validation KL {Figures.Small(result.ValidationKl)}")} in "
            + Figures.Time(TimeSpan.FromSeconds(result.Seconds));
}
