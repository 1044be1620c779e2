using System.Text.Json.Nodes;
using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Ranks;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Fitting;

/// <summary>Where a round of a fit begins.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Target">The network whose weights are fitted.</param>
/// <param name="StepsBefore">Steps of the rounds before.</param>
/// <param name="TimeBefore">Time that they took.</param>
internal sealed record RoundStart(int Index, Network Target, long StepsBefore, TimeSpan TimeBefore)
{
    /// <summary>What the fit begins with; null where it draws its predictor.</summary>
    internal FitStart? From { get; init; }

    /// <summary>What this round begins with: later ones draw theirs.</summary>
    internal FitStart? Own => Index == 0 ? From : null;

    /// <summary>The first round, which fits the original itself.</summary>
    internal static RoundStart First(Network original) => new(0, original, 0, default);
}

/// <summary>A round of a <see cref="Fit"/>: the loop of the paper's section 3.</summary>
internal sealed class FitRound : IDisposable
{
    /// <summary>Bytes that the text of a state takes at most, without and for each layer: its errors, in four evaluations.</summary>
    private const int StateText = 16 << 10, StateTextPerLayer = 1 << 10;

    private readonly Network _original;
    private readonly FitInputs _inputs;
    private readonly FitOptions _options;
    private readonly Communicator _ranks;
    private readonly RoundStart _start;
    private readonly FitStep _step;
    private readonly FitEvaluator _evaluator;
    private readonly FitCourse _course;
    private readonly FitMeter _meter;
    private readonly DivergenceGuard _guard;
    private readonly Lazy<string> _identity;
    private readonly Snapshot<FitState> _saved = new();
    private long _steps;
    private TimeSpan _now;
    private float[] _best = [];
    private FitEvaluation? _bestEvaluation, _last;
    private Action<FitProgress>? _progress;

    private FitRound(
        Network original, FitInputs inputs, FitOptions options, RoundStart start, FitStep step, FitEvaluator evaluator, Communicator ranks)
    {
        (_original, _inputs, _options, _start, _step, _evaluator, _ranks) = (original, inputs, options, start, step, evaluator, ranks);
        _identity = new(() => UnfinishedFit.Identify(original, inputs));
        _course = new(options);
        _meter = new(options, start);
        _guard = new(step.Target, options.Objective.ReconstructionForm);
    }

    /// <summary>Orders the kernels, compiles both networks and the predictor, and gives it its first parameters.</summary>
    /// <param name="engine">The engine; it must outlive the round.</param>
    /// <param name="original">The network to be represented.</param>
    /// <param name="inputs">What to distil and evaluate on.</param>
    /// <param name="options">How.</param>
    /// <param name="start">The round.</param>
    /// <param name="progress">Hears of the ordering.</param>
    /// <param name="cancellation">Ends the ordering early.</param>
    /// <param name="outputs">What the original says to the inputs, where it is known.</param>
    /// <param name="ranks">Who shares the work; null for nobody.</param>
    /// <exception cref="NernException">An option is out of range or beyond the processor, or the inputs do not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    internal static FitRound Prepare(
        CpuEngine engine, Network original, FitInputs inputs, FitOptions options, RoundStart? start = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default, OriginalOutputs? outputs = null, Communicator? ranks = null)
    {
        ranks ??= new SingleRank();
        start ??= RoundStart.First(original);
        options = inputs.Record(options.For(engine, original.Graph, isBegun: start.Own is not null));
        var step = FitStep.Prepare(engine, original, inputs, options, start.Target, ranks, start.Own, progress, cancellation);
        try
        {
            outputs ??= OriginalOutputs.Of(engine, original, options.Predictor.Layers, inputs, ranks);
            var evaluator = new FitEvaluator(engine, original, outputs, step.Design, step.Target.Rows, inputs, ranks);
            return new(original, inputs, options, start, step, evaluator, ranks);
        }
        catch
        {
            step.Dispose();
            throw;
        }
    }

    /// <summary>A step, as the round takes them.</summary>
    internal FitStep Step => _step;

    /// <summary>Whether it was asked to stop early, on whichever rank.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>Goes on where an unfinished fit stopped.</summary>
    /// <exception cref="NernException">It is another fit's.</exception>
    internal void Resume(UnfinishedFit unfinished)
    {
        unfinished.Check(Recorded(), _identity.Value);
        Restore(unfinished.Good, unfinished.Path);
        Capture(_guard.Good);
        _guard.Kept(_steps);
        Restore(unfinished.Snapshot, unfinished.Path);
    }

    /// <inheritdoc cref="Fit.Run"/>
    internal (NeuralRepresentation Best, FitEvaluation Evaluation) Run(
        Action<FitProgress>? progress = null, CancellationToken cancellation = default, Saving? saving = null)
    {
        _progress = progress;
        _meter.Begin();
        Agree(cancellation);
        var saved = _now;
        // What it begins with may stay the best.
        if (_start.Own is not null && _bestEvaluation is null)
            Evaluate(isPlanned: false, cancellation);
        while (true)
        {
            Agree(cancellation);
            var elapsed = _now;
            var ended = IsStopped || _course.IsOver(_steps, elapsed);
            if (saving is not null && (ended || elapsed - saved >= saving.Interval))
            {
                Save(saving);
                saved = elapsed;
            }
            var isDue = _course.IsEvaluationDue(_steps, elapsed);
            // The evaluation at an early end is not one of the course's, so that a fit that goes on does so as if it had not stopped.
            if (ended || isDue)
                Evaluate(isPlanned: !ended, cancellation);
            if (ended)
            {
                if (!IsStopped && _course.Shortfall(_steps, elapsed) is { } notice)
                    Report(notice);
                return (Represent(_best), _bestEvaluation!);
            }
            if (_course.IsWarmedUp(_steps, _now))
            {
                _course.Join(_steps, _now);
                // Moments of the far smaller reconstruction gradient would turn the first distilling steps into leaps.
                _step.Optimizer.Restart();
                KeepGood();
            }
            else if (_guard.IsDue(_steps) && _course.IsGood)
                KeepGood();
            var learningRate = _course.LearningRate(_steps, _now) * _step.Ramp / _guard.Divisor;
            var losses = _step.Run(_course.Weights, learningRate);
            _steps++;
            if (_guard.Divergence(losses, _step.Predictor.Parameters) is { } term)
            {
                GoBack(term);
                continue;
            }
            if (_course.Count(losses, _steps, _now) && _guard.Halvings < DivergenceGuard.MostHalvings)
            {
                GoBack("the losses of distillation have risen");
                continue;
            }
            _meter.Count(losses, _course.Weights, learningRate);
            if (_meter.IsReportDue)
                Report();
        }
    }

    /// <summary>Takes the room for the result and for a state.</summary>
    /// <exception cref="NernException">There is not so much.</exception>
    internal void Reserve(Saving saving)
    {
        var parameters = _step.Predictor.Parameters;
        Capture(_saved);
        // The state, and the last good one beside it, each with a best, which there need not be yet.
        var values = 2 * (_saved.Arrays.Values.Sum(array => (long)array.Length) - _best.Length + parameters.Length)
            + (_options.Sampling.Refresh < 1 ? _step.Predictions.Rows.Length : 0) + (_options.Budget.Rounds > 1 ? _step.Target.Rows.Length : 0);
        var text = StateText + (StateTextPerLayer * _step.Design.Layout.Layers.Count);
        saving.Reserve(NernFile.SizeOf(Represent(parameters.ToArray())), (values * sizeof(float)) + text);
    }

    /// <summary>Saves the state of the end once more.</summary>
    internal void SaveTo(string path) => UnfinishedFit.Save(path, _saved, _guard.Good, Recorded(), _identity.Value);

    /// <summary>The round after this one, which fits what this one gave.</summary>
    internal RoundStart Next(Network reconstruction) =>
        new(_start.Index + 1, reconstruction, _start.StepsBefore + _steps, _start.TimeBefore + _meter.Elapsed) { From = _start.From };

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluator.Dispose();
        _step.Dispose();
    }

    private void Report(string? notice = null)
    {
        if (_progress is not null)
            _progress(_meter.Report(_steps, _course, _last) with { Notice = notice });
    }

    /// <summary>All ranks go by the clock of the first, and stop together.</summary>
    private void Agree(CancellationToken cancellation) =>
        (_now, IsStopped) = _ranks.Agree(_meter.Elapsed, cancellation.IsCancellationRequested);

    private void Evaluate(bool isPlanned, CancellationToken cancellation)
    {
        var begin = _now;
        _ranks.CheckEqual(_step.Evaluated, _start.StepsBefore + _steps);
        _last = _evaluator.Evaluate(_step.Evaluated, _start.StepsBefore + _steps, _start.TimeBefore + begin, _bestEvaluation);
        if (_last.IsBest)
            (_best, _bestEvaluation) = (_step.Evaluated.ToArray(), _last);
        if (isPlanned)
        {
            Agree(cancellation);
            _course.CountEvaluation(_steps, begin, _now);
        }
        Report();
    }

    private NeuralRepresentation Represent(float[] parameters)
    {
        var predicted = _step.Design.Layout.Layers.Select(layer => layer.Weight).ToHashSet();
        return new NeuralRepresentation(
            _original.Graph, _step.Design, parameters,
            [.. _original.Tensors.Select(t => KeyValuePair.Create(t.Key, predicted.Contains(t.Key) ? null : t.Value))],
            Provenance.Of(_original.Source, _inputs.Normalization, Recorded()))
        {
            OnnxSkeleton = _original.OnnxSkeleton,
        };
    }

    /// <summary>The options as files record them: with what the fit begins with, by its digest.</summary>
    private JsonObject Recorded()
    {
        var recorded = _options.ToJson();
        if (_start.From is { } from)
            recorded.Insert(0, "from", from.Digest);
        // Then nothing is drawn.
        if (_start.Own?.Hidden == _options.Predictor.Hidden)
            recorded.Remove("initialization");
        return recorded;
    }

    private void KeepGood()
    {
        _ranks.CheckEqual(_step.Predictor.Parameters, _start.StepsBefore + _steps);
        Capture(_guard.Good);
        _guard.Kept(_steps);
    }

    private void GoBack(string term)
    {
        var diverged = _start.StepsBefore + _steps;
        _guard.Halve(diverged, term, _course.LearningRate(_steps, _now));
        Restore(_guard.Good, "the last good state", _guard.Halvings);
        Report(
            $"diverged at step {diverged} ({term}): back to step {_start.StepsBefore + _steps} with the learning rate halved, "
            + $"{_guard.Halvings} of {DivergenceGuard.MostHalvings} times");
    }

    private void Save(Saving saving)
    {
        Capture(_saved);
        // A good state is gone on from by predicting all anew, in whichever run; this one at any step, as if nothing had happened.
        _step.Predictions.Keep(_saved);
        if (_guard.IsDue(_steps))
            KeepGood();
        if (_start.Index > 0)
            _saved.Keep(UnfinishedFit.TargetName, _step.Target.Weights());
        if (saving.Save(SaveTo) is { } notice)
            Report(notice);
    }

    private void Capture(Snapshot<FitState> snapshot)
    {
        snapshot.State = new()
        {
            Round = _start.Index,
            StepsBefore = _start.StepsBefore,
            TimeBefore = _start.TimeBefore,
            Step = _steps,
            Elapsed = _meter.Elapsed,
            Generator = _step.Generator.Words,
            Images = _inputs.Images?.Position ?? default,
            Course = _course.State,
            OptimizerSteps = _step.Optimizer.StepCount,
            Halvings = _guard.Halvings,
            NextKernel = _step.Predictions.Next,
            Best = _bestEvaluation,
        };
        snapshot.Keep("best", _best);
        _step.Keep(snapshot);
    }

    private void Restore(Snapshot<FitState> snapshot, string origin, int? halvings = null)
    {
        var state = snapshot.State;
        (_steps, _bestEvaluation) = (state.Step, state.Best);
        _meter.Restore(state.Elapsed);
        _guard.Halvings = halvings ?? state.Halvings;
        if (_inputs.Images is { } images)
            images.Position = state.Images;
        _course.State = state.Course;
        _best = [.. snapshot.Values("best", state.Best is null ? 0 : _step.Predictor.Parameters.Length, origin)];
        _step.Restore(snapshot, origin);
    }
}
