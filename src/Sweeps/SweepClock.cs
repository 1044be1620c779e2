using Nern.Sweeps.Results;

namespace Nern.Sweeps;

/// <summary>Where a sweep stands and how long it will take.</summary>
/// <param name="total">All runs.</param>
/// <param name="done">The lines of those done before.</param>
/// <param name="left">Those left to do.</param>
/// <param name="jobs">How many at a time.</param>
internal sealed class SweepClock(int total, IEnumerable<RunLine> done, int left, int jobs)
{
    private readonly List<double> _seconds = [.. done.Select(line => line.Result?.Seconds).OfType<double>()];

    /// <summary>All runs.</summary>
    internal int Total => total;

    /// <summary>Those that are done.</summary>
    internal int Done => total - left;

    /// <summary>Counts a run.</summary>
    internal void Count(RunLine line)
    {
        left--;
        if (line.Result is { Seconds: var seconds })
            _seconds.Add(seconds);
    }

    /// <summary>Time left where a run takes the mean of those done; null before there is one.</summary>
    /// <param name="running">How long those under way have been.</param>
    internal TimeSpan? Left(IReadOnlyCollection<TimeSpan> running)
    {
        if (_seconds.Count == 0)
            return null;
        var mean = _seconds.Average();
        var work = running.Sum(elapsed => Math.Max(0, mean - elapsed.TotalSeconds)) + (mean * Math.Max(0, left - running.Count));
        return TimeSpan.FromSeconds(work / jobs);
    }
}
