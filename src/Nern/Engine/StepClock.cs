using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Nern.Engine;

/// <summary>
/// Says where time goes while plans run: to each of their steps, and to the managed work between steps. It only looks at the
/// clock, so the very code that is always run is what is measured.
/// </summary>
internal sealed class StepClock
{
    // Room from the beginning, so that a timed run allocates no more than any other.
    private readonly Dictionary<Step, (long Ticks, int Runs)> _steps = new(4096);
    private readonly Dictionary<string, (long Ticks, int Runs)> _work = new(64);
    private long _last = Stopwatch.GetTimestamp();
    private long _unclaimed;

    /// <summary>Time and number of the runs of each step.</summary>
    internal IEnumerable<(Step Step, double Seconds, int Runs)> Steps =>
        _steps.Select(entry => (entry.Key, Seconds(entry.Value.Ticks), entry.Value.Runs));

    /// <summary>Time of each kind of work between steps, and how often it was finished.</summary>
    internal IEnumerable<(string Kind, double Seconds, int Runs)> Work =>
        _work.Select(entry => (entry.Key, Seconds(entry.Value.Ticks), entry.Value.Runs));

    /// <summary>Time starts again, after a while that is nobody's.</summary>
    internal void Start() => Lap();

    /// <summary>A step begins.</summary>
    internal void Enter() => _unclaimed += Lap();

    /// <summary>The step that began last has ended.</summary>
    internal void Leave(Step step) => Add(_steps, step, Lap());

    /// <summary>Names the work outside steps since the last piece of work that was named.</summary>
    internal void Finish(string work)
    {
        Enter();
        Add(_work, work, _unclaimed);
        _unclaimed = 0;
    }

    private static void Add<TKey>(Dictionary<TKey, (long Ticks, int Runs)> times, TKey key, long ticks) where TKey : notnull
    {
        ref var time = ref CollectionsMarshal.GetValueRefOrAddDefault(times, key, out _);
        time = (time.Ticks + ticks, time.Runs + 1);
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private long Lap()
    {
        var now = Stopwatch.GetTimestamp();
        var ticks = now - _last;
        _last = now;
        return ticks;
    }
}
