using System.Diagnostics;

namespace Nern.Training;

/// <summary>Measures how fast a fit goes.</summary>
internal sealed class FitMeter(FitOptions options)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(0.25);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastReport, _lastStep;
    private double _secondsPerStep;
    private Losses _losses;
    private double _learningRate;
    private bool _distils;

    internal TimeSpan Elapsed => _clock.Elapsed;

    internal bool IsReportDue => Elapsed - _lastReport >= ReportInterval;

    /// <summary>A step is done.</summary>
    internal void Count(Losses losses, double learningRate, bool distils)
    {
        var now = Elapsed;
        var seconds = (now - _lastStep).TotalSeconds;
        // The first steps of a phase say nothing about the phase before it.
        _secondsPerStep = _secondsPerStep == 0 || distils != _distils ? seconds : (0.95 * _secondsPerStep) + (0.05 * seconds);
        (_lastStep, _losses, _learningRate, _distils) = (now, losses, learningRate, distils);
    }

    internal FitProgress Report(long step, FitBudget budget, FitEvaluation? evaluation)
    {
        _lastReport = _lastStep = Elapsed;
        var rate = _secondsPerStep > 0 ? 1 / _secondsPerStep : 0;
        return new(
            _distils || !options.Distills ? (options.Distills ? "distilling" : "reconstructing") : "warming up",
            step, budget.Steps, _losses, _learningRate, rate, _distils ? rate * options.Batch : 0, Elapsed, Remaining(step, rate), evaluation);
    }

    private TimeSpan? Remaining(long step, double rate)
    {
        var byTime = options.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) - Elapsed : (TimeSpan?)null;
        // During warm-up nothing is known yet of how long a distilling step takes.
        var bySteps = options.Steps > 0 && rate > 0 && (_distils || !options.Distills)
            ? TimeSpan.FromSeconds((options.Steps - step) / rate)
            : (TimeSpan?)null;
        var remaining = byTime is null || bySteps < byTime ? bySteps : byTime;
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining;
    }
}
