using System.Diagnostics;
using Nern.Objectives;

namespace Nern.Fitting;

/// <summary>Measures how fast a fit goes.</summary>
internal sealed class FitMeter
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(0.25);

    private readonly FitOptions _options;
    private readonly TimeSpan _before;
    private readonly FitRound _round;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastReport, _lastStep;
    private double _secondsPerStep;
    private Losses _losses;
    private double _learningRate;
    private bool _distils;

    /// <param name="options">Of the fit.</param>
    /// <param name="before">Time that it took before it was resumed.</param>
    /// <param name="round">The round; reports count the rounds before as well.</param>
    internal FitMeter(FitOptions options, TimeSpan before, FitRound round) =>
        (_options, _before, _lastReport, _lastStep, _round) = (options, before, before, before, round);

    internal TimeSpan Elapsed => _before + _clock.Elapsed;

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

    internal FitProgress Report(long step, FitCourse course, FitEvaluation? evaluation)
    {
        _lastReport = _lastStep = Elapsed;
        var rate = _secondsPerStep > 0 ? 1 / _secondsPerStep : 0;
        return new(
            Phase,
            _round.StepsBefore + step, course.Steps * _options.Rounds, _losses, _learningRate, rate, _distils ? rate * _options.Batch : 0, _round.TimeBefore + Elapsed, Remaining(step, rate), evaluation);
    }

    private string Phase
    {
        get
        {
            var phase = !_options.Distills ? "reconstructing" : _distils ? "distilling" : "warming up";
            return _options.Rounds == 1 ? phase : $"round {_round.Index + 1} of {_options.Rounds}, {phase}";
        }
    }

    private TimeSpan? Remaining(long step, double rate)
    {
        var roundsAfter = _options.Rounds - 1 - _round.Index;
        var byTime = _options.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes * (1 + roundsAfter)) - Elapsed : (TimeSpan?)null;
        // During warm-up nothing is known yet of how long a distilling step takes.
        var bySteps = _options.Steps > 0 && rate > 0 && (_distils || !_options.Distills)
            ? TimeSpan.FromSeconds(((_options.Steps * (1 + roundsAfter)) - step) / rate)
            : (TimeSpan?)null;
        var remaining = byTime is null || bySteps < byTime ? bySteps : byTime;
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining;
    }
}
