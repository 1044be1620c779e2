using Nern.Cli.Sweeps;

namespace Nern.Cli.Display;

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
