using System.Diagnostics;
using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Profiling;

/// <summary>
/// The time of each primitive when nothing else runs between: again and again on its shape, on all threads at once where each
/// thread has its own. Measured in rounds, taken in turn with what is compared with the floor, since a machine's speed changes.
/// </summary>
/// <param name="concurrent">The steps; those of an array do the same work, each on a thread of its own.</param>
internal sealed class Floor(IEnumerable<Step[]> concurrent) : IParallelWork
{
    private const int WarmUpRuns = 2;
    private const int Runs = 5;

    // Steps print what they are with all shapes and types.
    private readonly (string Kind, Step[] Steps)[] _kinds =
        [.. concurrent.Where(steps => steps[0].FloatingPointOperations > 0).Select(steps => (steps[0].ToString()!, steps))
            .DistinctBy(kind => kind.Item1)];
    private readonly List<Dictionary<string, double>> _rounds = [];
    private readonly double[] _seconds = new double[ParallelRegion.Threads];
    private Step[] _measured = [];

    /// <summary>Measures every primitive once more.</summary>
    internal void Measure() => _rounds.Add(_kinds.ToDictionary(kind => kind.Kind, kind => Seconds(kind.Steps)));

    /// <summary>For each round what these runs take, in seconds.</summary>
    /// <param name="runs">Steps and how often each is run.</param>
    internal IReadOnlyList<double> Of(IReadOnlyList<(Step Step, double Runs)> runs) =>
        [.. _rounds.Select(round => runs.Sum(run => run.Runs * round.GetValueOrDefault(run.Step.ToString()!)))];

    /// <inheritdoc/>
    public void Execute(int part, int parts)
    {
        if (part < _measured.Length)
            _seconds[part] = Seconds(_measured[part]);
    }

    private double Seconds(Step[] steps)
    {
        if (steps.Length == 1)
            return Seconds(steps[0]);
        _measured = steps;
        ParallelRegion.Run(this);
        // Rates add up.
        return 1 / _seconds.Take(steps.Length).Sum(seconds => 1 / seconds);
    }

    private static double Seconds(Step step)
    {
        var times = new double[Runs];
        for (var run = -WarmUpRuns; run < Runs; run++)
        {
            var begin = Stopwatch.GetTimestamp();
            step.Run();
            if (run >= 0)
                times[run] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        return Profile.Median(times);
    }
}
