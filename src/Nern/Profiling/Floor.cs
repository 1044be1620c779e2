using System.Diagnostics;
using Nern.Engine;

namespace Nern.Profiling;

/// <summary>The best time of a primitive when nothing else runs between; measured once for each kind and shape.</summary>
internal sealed class Floor
{
    private const int WarmUpRuns = 2;
    private const int Runs = 20;

    private readonly Dictionary<string, double> _known = [];

    /// <summary>Seconds of one run; 0 for a step without counted operations.</summary>
    internal double Of(Step step)
    {
        if (step.FloatingPointOperations == 0)
            return 0;
        // Steps print what they are with all shapes and types.
        var key = step.ToString()!;
        if (!_known.TryGetValue(key, out var best))
            _known.Add(key, best = Measure(step));
        return best;
    }

    private static double Measure(Step step)
    {
        var best = TimeSpan.MaxValue;
        for (var run = 0; run < WarmUpRuns + Runs; run++)
        {
            var begin = Stopwatch.GetTimestamp();
            step.Run();
            var time = Stopwatch.GetElapsedTime(begin);
            if (run >= WarmUpRuns && time < best)
                best = time;
        }
        return best.TotalSeconds;
    }
}
