using Nern.Engine;
using Nern.Fitting.Distilling;
using Nern.Fitting.Resuming;
using Nern.Fitting.Sampling;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Orderings;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Representation;
using Nern.Resuming;

namespace Nern.Fitting;

/// <summary>Fits a predictor to a network: the loop of the paper's section 3.</summary>
public sealed class Fit : IDisposable
{
    private const int MostHalvings = 3;

    /// <summary>Steps between two states that a fit which diverges can go back to.</summary>
    private const int GoodEvery = 250;

    private readonly CpuEngine _engine;
    private readonly Network _original;
    private readonly FitOptions _options;
    private readonly FitInputs _inputs;
    private readonly string _identity;
    private readonly Generator _generator;
    private readonly PredictorDesign _design;
    private readonly PredictorPlan _predictor;
    private readonly Optimizer _optimizer;
    private readonly KernelSampler _sampler;
    private readonly KernelPredictions _predictions;
    private readonly ParameterAverage _average;
    private readonly ReconstructionTarget _target;
    private readonly int[] _kernels;
    private readonly FitCourse _course;
    private readonly Divergence _divergence;
    private readonly Snapshot<FitState> _good = new(), _saved = new();
    private readonly FitRound _round;
    private Distillation? _distillation;
    private long _step, _nextGood;
    private int _halvings;
    private TimeSpan _elapsed;
    private float[] _best = [];
    private FitEvaluation? _bestEvaluation, _last;

    /// <summary>Orders the kernels, compiles the predictor and draws its first parameters.</summary>
    /// <param name="engine">The engine; it must outlive the fit.</param>
    /// <param name="original">The network to be represented.</param>
    /// <param name="inputs">What to distil and evaluate on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears of the ordering.</param>
    /// <param name="cancellation">Ends the ordering early.</param>
    /// <param name="resume">Where to go on; null to begin.</param>
    /// <exception cref="NernException">
    /// An option is out of range or beyond the processor, the inputs do not fit the network, or the checkpoint is another fit's.
    /// </exception>
    public Fit(
        CpuEngine engine, Network original, FitInputs inputs, FitOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default, FitCheckpoint? resume = null)
        : this(engine, original, inputs, options, progress, cancellation, resume, FitRound.First(original))
    {
    }

    internal Fit(
        CpuEngine engine, Network original, FitInputs inputs, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation, FitCheckpoint? resume, FitRound round)
    {
        _engine = engine;
        _round = round;
        _original = original;
        _inputs = inputs;
        _options = options.For(engine);
        if (options.Distills && inputs.Images is null)
            throw new NernException("Distillation needs inputs: images or noise.");
        _identity = FitCheckpoint.Identify(original, inputs);
        resume?.Check(_options, _identity);
        _generator = new Generator(options.Seed);
        _course = new FitCourse(_options);
        var layers = options.Layers.Of(original.Graph);
        var weights = layers.Select(layer => round.Target.Values(layer.Weight)).ToArray();
        var orderings = OrderingBuilder.BuildAll(
            options.Ordering, [.. layers.Select((l, i) => new OrderingInput(weights[i], l.Filters, l.Channels, l.KernelSize))], progress, cancellation);
        _design = _options.CreateDesign(layers, orderings);
        var layout = _design.Layout;
        _target = new ReconstructionTarget(layout, weights);
        _target.Weights = KernelWeights.Of(_options.Weighting, engine, original, _target, inputs.Images, _options.Seed);
        _sampler = KernelSampler.Create(
            new() { Kind = options.Sampling, BatchSize = options.Kernels, UniformProbability = options.UniformProbability },
            [.. layers.Select(layer => layer.Kernels)], _target.Norms());
        _kernels = new int[_sampler.BatchSize];
        var block = KernelPredictions.BlockOf(layout.Kernels, options.Refresh);
        _predictor = new PredictorPlan(engine, _design, _options.PrecisionOn(engine), _sampler.BatchSize, block);
        _predictions = new(_predictor, block);
        _optimizer = _options.CreateOptimizer(_design.Shape.Blocks());
        PredictorInitialization.Draw(_design.Shape, options.Initialization, _predictor.Parameters, _generator);
        _predictor.ParametersChanged();
        if (options.Initialization == Initialization.Matched)
        {
            _predictor.PredictAll(_predictions.Rows);
            PredictorInitialization.Match(_design.Shape, _predictor.Parameters, layout, _predictions.Rows, _target.Rows);
            _predictor.ParametersChanged();
        }
        _average = new(_predictor.Parameters, options.Averaging);
        _divergence = new(Divergence.Zeros * ReconstructionLoss.Of(
            _target.SquaredError(new float[_target.Rows.Length]), layout.Weights, _options.ReconstructionForm).Loss);
        if (resume is null)
            return;
        Restore(resume.Good, resume.Path);
        KeepGood(_elapsed);
        Restore(resume.Snapshot, resume.Path);
    }

    /// <summary>
    /// Runs to the end of the budget, or until <paramref name="cancellation"/> asks it to stop after the step it is in; then
    /// evaluates once more. Where the fit diverges it goes back to the last good state with a halved learning rate, three times at most.
    /// </summary>
    /// <param name="progress">Hears a few times a second and at every evaluation; called on the calling thread.</param>
    /// <param name="cancellation">Asks for an early end; what has been reached is returned.</param>
    /// <param name="checkpoints">Where to save the state from time to time, and at the end.</param>
    /// <returns>The best representation found, and its evaluation.</returns>
    /// <exception cref="NernException">The fit has diverged for the fourth time.</exception>
    public (NeuralRepresentation Best, FitEvaluation Evaluation) Run(
        Action<FitProgress>? progress = null, CancellationToken cancellation = default, CheckpointOptions? checkpoints = null)
    {
        checkpoints?.Validate();
        using var evaluator = new FitEvaluator(_engine, _original, _design, _target.Rows, _inputs);
        var meter = new FitMeter(_options, _elapsed, _round);
        var saved = meter.Elapsed;
        while (true)
        {
            var ended = cancellation.IsCancellationRequested || _course.IsOver(_step, meter.Elapsed);
            if (checkpoints is not null && (ended || meter.Elapsed - saved >= TimeSpan.FromMinutes(checkpoints.Minutes)))
            {
                Save(checkpoints, meter, progress);
                saved = meter.Elapsed;
            }
            // The evaluation at an early end is not one of the course's, so that a fit that goes on does so as if it had not stopped.
            if (ended || _course.IsEvaluationDue(_step, meter.Elapsed))
            {
                _last = evaluator.Evaluate(
                    Evaluated, _round.StepsBefore + _step, _round.TimeBefore + meter.Elapsed, _bestEvaluation);
                if (_last.IsBest)
                    (_best, _bestEvaluation) = (Evaluated.ToArray(), _last);
                progress?.Invoke(meter.Report(_step, _course, _last));
            }
            _elapsed = meter.Elapsed;
            if (ended)
                return (Represent(_best), _bestEvaluation!);
            if (_course.IsWarmedUp(_step, meter.Elapsed))
            {
                _course.Join(_step, meter.Elapsed);
                // Moments of the far smaller reconstruction gradient would turn the first distilling steps into leaps.
                _optimizer.StepCount = 0;
            }
            if (_step >= _nextGood)
                KeepGood(meter.Elapsed);
            var learningRate = _course.LearningRate(_step, meter.Elapsed) * Ramp / (1 << _halvings);
            var losses = Step(_course.Distils, learningRate);
            _step++;
            if (_divergence.Of(losses, _predictor.Parameters) is { } term)
            {
                GoBack(term, meter, progress);
                continue;
            }
            _course.Count(losses, _step, meter.Elapsed);
            meter.Count(losses, learningRate, _course.Distils);
            if (progress is not null && meter.IsReportDue)
                progress(meter.Report(_step, _course, _last));
        }
    }

    /// <summary>The round after this one, which fits what this one gave.</summary>
    internal FitRound NextRound(Network reconstruction) =>
        new(_round.Index + 1, reconstruction, _round.StepsBefore + _step, _round.TimeBefore + _elapsed);

    /// <inheritdoc/>
    public void Dispose()
    {
        _distillation?.Dispose();
        _predictor.Dispose();
    }

    /// <summary>The predictor being fitted, with the gradient of the last step.</summary>
    internal PredictorPlan Predictor => _predictor;

    /// <summary>What the predictor is asked.</summary>
    internal PredictorDesign Design => _design;

    /// <summary>The parameters that are evaluated and kept: the average, where there is one.</summary>
    private ReadOnlySpan<float> Evaluated => _average.Values.Length > 0 ? _average.Values : _predictor.Parameters;

    /// <summary>The steps of all plans there are by now; those of an array run at the same time, each on its own thread.</summary>
    internal IEnumerable<Step[]> ConcurrentSteps =>
        _predictor.Steps.Select(step => new[] { step }).Concat(_distillation?.ConcurrentSteps ?? []);

    /// <summary>Times the steps of all plans there are by now, and the work between, with a clock a thread; none to end it.</summary>
    internal void Watch(IReadOnlyList<StepClock> clocks)
    {
        Clock = clocks.FirstOrDefault();
        _distillation?.Watch(clocks);
        foreach (var step in _predictor.Steps)
            step.Clock = Clock;
    }

    private StepClock? Clock { get; set; }

    /// <summary>
    /// The optimiser's first steps are small ones, at the start and again when distillation joins: until it knows the scale of
    /// a gradient, Adam moves every parameter by the whole learning rate.
    /// </summary>
    private float Ramp => Math.Min(1, (_optimizer.StepCount + 1f) / FitCourse.RampSteps);

    internal Losses Step(bool distils, float learningRate)
    {
        var count = _sampler.Sample(_kernels, _generator);
        // In order, memory is walked through and not jumped about in.
        _kernels.AsSpan(0, count).Sort();
        Clock?.Finish("sampling");
        var chosen = _kernels.AsSpan(0, count);
        _predictor.PredictBatch(_kernels, count);
        // Only the network needs all kernels; without it the chosen ones stand for them.
        if (distils)
            _predictions.Refresh(chosen);
        var (error, share) = distils ? (_target.SquaredError(_predictions.Rows), 1) : _target.SquaredError(chosen, _predictor.Output);
        var (reconstruction, factor) = ReconstructionLoss.Of(error, _design.Layout.Weights, _options.ReconstructionForm);
        var gradient = _predictor.OutputGradient;
        gradient.Clear();
        _target.WriteGradient(chosen, _predictor.Output, distils ? factor * _options.Reconstruction : factor * share, gradient);
        Clock?.Finish("losses");
        var (kd, fmd) = (0.0, 0.0);
        if (distils)
        {
            _distillation ??= new(_engine, _original, _design.Layout, _inputs.Images!, _kernels.Length, _options);
            (kd, fmd) = _distillation.Run(_predictions.Rows, _kernels, count, gradient, _generator);
        }
        _predictor.Backward();
        _optimizer.Step(_predictor.Parameters, _predictor.Gradient, learningRate);
        _average.Add(_predictor.Parameters, _optimizer.StepCount);
        Clock?.Finish("optimiser");
        _predictor.ParametersChanged();
        return new(reconstruction, kd, fmd);
    }

    private NeuralRepresentation Represent(float[] parameters)
    {
        var predicted = _design.Layout.Layers.Select(layer => layer.Weight).ToHashSet();
        return new NeuralRepresentation(
            _original.Graph, _design, parameters,
            [.. _original.Tensors.Select(t => KeyValuePair.Create(t.Key, predicted.Contains(t.Key) ? null : t.Value))],
            Provenance.Of(_original.Source, _inputs.Normalization, _options.ToJson()))
        {
            OnnxSkeleton = _original.OnnxSkeleton,
        };
    }

    private void KeepGood(TimeSpan elapsed)
    {
        Capture(_good, elapsed);
        _nextGood = _step + GoodEvery;
    }

    private void GoBack(string term, FitMeter meter, Action<FitProgress>? progress)
    {
        var diverged = _round.StepsBefore + _step;
        if (_halvings == MostHalvings)
            throw new NernException(FormattableString.Invariant(
                $"The fit diverged at step {diverged} ({term}) for the fourth time, at a learning rate of {_course.LearningRate(_step, meter.Elapsed) / (1 << _halvings):g3}: try lower rates, or smaller weights of distillation."));
        var halvings = _halvings + 1;
        Restore(_good, "the last good state");
        _halvings = halvings;
        progress?.Invoke(meter.Report(_step, _course, _last) with
        {
            Notice = $"diverged at step {diverged} ({term}): back to step {_round.StepsBefore + _step} with the learning rate halved, {halvings} of {MostHalvings} times",
        });
    }

    private void Save(CheckpointOptions checkpoints, FitMeter meter, Action<FitProgress>? progress)
    {
        Capture(_saved, meter.Elapsed);
        // A good state is gone on from by predicting all anew, in whichever run; this one at any step, as if nothing had happened.
        _predictions.Keep(_saved);
        if (_step >= _nextGood)
            KeepGood(meter.Elapsed);
        if (_round.Index > 0)
            _saved.Keep(FitCheckpoint.TargetName, _target.Rows);
        try
        {
            FitCheckpoint.Save(checkpoints.Path, _saved, _good, _options, _identity);
        }
        // The disk may have room again by the next time; what was saved before is still there.
        catch (NernException exception)
        {
            progress?.Invoke(meter.Report(_step, _course, _last) with { Notice = exception.Message });
        }
    }

    private void Capture(Snapshot<FitState> snapshot, TimeSpan elapsed)
    {
        var generator = _generator.State;
        snapshot.State = new()
        {
            Round = _round.Index,
            StepsBefore = _round.StepsBefore,
            TimeBefore = _round.TimeBefore,
            Step = _step,
            Elapsed = elapsed,
            Generator = [generator.A, generator.B, generator.C, generator.D],
            Images = _inputs.Images?.Position ?? default,
            Course = _course.State,
            OptimizerSteps = _optimizer.StepCount,
            Halvings = _halvings,
            NextKernel = _predictions.Next,
            Best = _bestEvaluation,
        };
        snapshot.Keep("parameters", _predictor.Parameters);
        snapshot.Keep("best", _best);
        snapshot.Keep("average", _average.Values);
        foreach (var (name, values) in _optimizer.State)
            snapshot.Keep($"optimizer.{name}", values.Span);
    }

    private void Restore(Snapshot<FitState> snapshot, string origin)
    {
        var state = snapshot.State;
        if (state.Generator is not [var a, var b, var c, var d])
            throw new NernException($"'{origin}' has no state of the generator: expected four numbers.");
        (_step, _elapsed, _halvings, _bestEvaluation) = (state.Step, state.Elapsed, state.Halvings, state.Best);
        _generator.State = (a, b, c, d);
        if (_inputs.Images is { } images)
            images.Position = state.Images;
        _course.State = state.Course;
        _optimizer.StepCount = state.OptimizerSteps;
        _best = [.. snapshot.Values("best", state.Best is null ? 0 : _predictor.Parameters.Length, origin)];
        snapshot.Values("parameters", _predictor.Parameters.Length, origin).CopyTo(_predictor.Parameters);
        snapshot.Values("average", _average.Values.Length, origin).CopyTo(_average.Values);
        foreach (var (name, values) in _optimizer.State)
            snapshot.Values($"optimizer.{name}", values.Length, origin).CopyTo(values.Span);
        _predictions.Restore(snapshot, origin);
        _predictor.ParametersChanged();
    }
}
