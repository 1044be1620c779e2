using System.Diagnostics;
using Nern.Objectives;
using Nern.Runs;

namespace Nern.Fitting;

/// <summary>Measures how long a round of a fit takes and how fast it goes.</summary>
/// <param name="options">Of the fit.</param>
/// <param name="start">The round; reports count the rounds before as well.</param>
internal sealed class FitMeter(FitOptions options, RoundStart start)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(0.25);

    private readonly Stopwatch _clock = new();
    private TimeSpan _before, _lastReport, _lastStep;
    private StepTime _stepTime;
    private Losses _losses;
    private LossWeights _weights;
    private double _learningRate;

    /// <summary>Time that the round has taken, with that before it was resumed.</summary>
    internal TimeSpan Elapsed => _before + _clock.Elapsed;

    internal bool IsReportDue => Elapsed - _lastReport >= ReportInterval;

    /// <summary>Starts the clock.</summary>
    internal void Begin()
    {
        (_lastReport, _lastStep) = (Elapsed, Elapsed);
        _clock.Start();
    }

    /// <summary>Goes on where a fit stood that is resumed; one that goes back has taken its time all the same.</summary>
    internal void Restore(TimeSpan elapsed)
    {
        if (!_clock.IsRunning)
            _before = elapsed;
    }

    /// <summary>A step is done.</summary>
    internal void Count(Losses losses, LossWeights weights, double learningRate)
    {
        var now = Elapsed;
        // The first steps of a phase say nothing about the phase before it.
        if (weights.Distils != _weights.Distils)
            _stepTime = default;
        _stepTime.Add((now - _lastStep).TotalSeconds);
        (_lastStep, _losses, _weights, _learningRate) = (now, losses, weights, learningRate);
    }

    internal FitProgress Report(long step, FitCourse course, FitEvaluation? evaluation)
    {
        _lastReport = _lastStep = Elapsed;
        return new(
            Phase, start.StepsBefore + step, course.Steps * options.Budget.Rounds, _losses, _weights.Total(_losses), _learningRate,
            _stepTime.Rate,
            _weights.Distils ? _stepTime.Rate * options.Inputs.Batch : 0, start.TimeBefore + Elapsed, Remaining(step), evaluation);
    }

    private string Phase
    {
        get
        {
            var phase = !options.Objective.Weights.Distils ? "reconstructing" : _weights.Distils ? "distilling" : "warming up";
            return options.Budget.Rounds == 1 ? phase : $"round {start.Index + 1} of {options.Budget.Rounds}, {phase}";
        }
    }

    private TimeSpan? Remaining(long step)
    {
        var roundsAfter = options.Budget.Rounds - 1 - start.Index;
        var byTime = options.Budget.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes * (1 + roundsAfter)) - Elapsed : (TimeSpan?)null;
        // During warm-up nothing is known yet of how long a distilling step takes.
        var bySteps = options.Budget.Steps > 0 && _stepTime.Rate > 0 && (_weights.Distils || !options.Objective.Weights.Distils)
            ? TimeSpan.FromSeconds(((options.Budget.Steps * (1 + roundsAfter)) - step) / _stepTime.Rate)
            : (TimeSpan?)null;
        var remaining = byTime is null || bySteps < byTime ? bySteps : byTime;
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining;
    }
}
