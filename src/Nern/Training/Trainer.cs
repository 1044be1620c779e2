using System.Diagnostics;
using Nern.Data;
using Nern.Engine;
using Nern.Evaluation;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Runs;

namespace Nern.Training;

/// <summary>Trains a network to classify images: the originals that representations are fitted to.</summary>
public sealed class Trainer : IDisposable
{
    /// <summary>Bytes that the text of a state takes at most.</summary>
    private const int StateText = 16 << 10;

    private readonly CpuEngine _engine;
    private readonly TrainOptions _options;
    private readonly TrainInputs _inputs;
    private readonly string _identity;
    private readonly Generator _generator;
    private readonly LabelledImages? _validation;
    private readonly IImageSource _images;
    private readonly NetworkParameters _parameters;
    private readonly NetworkPlan _plan;
    private readonly TrainingBatch _batch;
    private readonly SmoothnessGradient? _smoothness;
    private readonly Optimizer _optimizer;
    private readonly long _steps, _stepsPerEpoch;
    private readonly Snapshot<TrainState> _saved = new();
    private long _step;
    private TimeSpan _elapsed;
    private TrainSums _sums;
    private float[] _best = [], _bestStatistics = [];
    private TrainEvaluation? _bestEvaluation, _last;

    /// <summary>Compiles the network and draws its first parameters (He et al. 2015).</summary>
    /// <param name="engine">The engine; it must outlive the trainer.</param>
    /// <param name="graph">The architecture.</param>
    /// <param name="inputs">What to train on.</param>
    /// <param name="options">How.</param>
    /// <param name="resume">Where to go on; null to begin.</param>
    /// <exception cref="NernException">
    /// An option is out of range or beyond the processor, the images do not fit the network, or the checkpoint is another training's.
    /// </exception>
    public Trainer(CpuEngine engine, Graph graph, TrainInputs inputs, TrainOptions options, UnfinishedTraining? resume = null)
    {
        _engine = engine;
        _options = options.For(engine);
        _inputs = inputs;
        (var train, _validation) = inputs.Split(_options.Validation);
        Check(graph, train, _options);
        _identity = inputs.Identify(graph);
        resume?.Check(_options, _identity);
        _generator = new Generator(options.Seed);
        _images = train.Augmented(inputs.Normalization, options.Augmentation.Crop, options.Augmentation.Flip);
        var network = UntrainedNetwork.Create(graph, _generator);
        _parameters = new NetworkParameters(engine, network);
        _plan = NetworkPlan.Training(engine, network, _parameters, options.Batch, _options.Precision!.Value);
        _batch = new TrainingBatch(train, _images, _plan);
        _smoothness = options.Smoothness > 0 ? new SmoothnessGradient(graph, _parameters, (float)options.Smoothness) : null;
        _optimizer = options.Optimizer.Create(engine, _options.Precision!.Value, [.. _parameters.Tensors.Select(BlockOf)]);
        _stepsPerEpoch = train.Count / options.Batch;
        _steps = options.Epochs * _stepsPerEpoch;
        if (resume is not null)
            Restore(resume.Snapshot, resume.Path);
    }

    /// <summary>
    /// Runs all epochs, or until <paramref name="cancellation"/> asks it to stop after the step it is in, and evaluates after each.
    /// </summary>
    /// <param name="progress">Hears a few times a second and at every evaluation; called on the calling thread.</param>
    /// <param name="cancellation">Asks for an early end; the best network so far is returned.</param>
    /// <param name="saving">Where to save the state from time to time, and at the end.</param>
    /// <returns>The network that is kept, and its evaluation.</returns>
    /// <exception cref="NernException">
    /// The loss is no longer a number, there is no room on the disk for the result, or it could not be written.
    /// </exception>
    public (Network Best, TrainEvaluation Evaluation) Run(
        Action<TrainProgress>? progress = null, CancellationToken cancellation = default, SavingOptions? saving = null)
    {
        saving?.Validate();
        using var saver = saving is null ? null : new Saving(saving);
        if (saver is not null)
            Reserve(saver, saving!);
        var (clock, before) = (Stopwatch.StartNew(), _elapsed);
        var (saved, reported) = (before, before);
        var (stepTime, loss, rate) = (new StepTime(), 0.0, 0f);
        while (true)
        {
            var ended = cancellation.IsCancellationRequested || _step >= _steps;
            string? notice = null;
            if (saver is not null && (ended || _elapsed - saved >= saver.Interval))
                (notice, saved) = (Save(saver), _elapsed);
            var isEpochOver = _sums.Images > 0 && _step % _stepsPerEpoch == 0;
            // What an early end is evaluated to is not part of the course: a training that goes on does so as if it had not stopped.
            var evaluates = isEpochOver || (ended && _bestEvaluation is null);
            if (evaluates)
                Evaluate(before + clock.Elapsed);
            _elapsed = before + clock.Elapsed;
            if (evaluates || notice is not null || _elapsed - reported >= ReportInterval)
            {
                reported = _elapsed;
                progress?.Invoke(Report(loss, rate, stepTime.Rate) with { Notice = notice });
            }
            if (ended)
            {
                var network = _parameters.ToNetwork(_best, _bestStatistics);
                saver?.Finish(path => NetworkFile.Save(path, network), SaveTo);
                return (network, _bestEvaluation!);
            }
            rate = _options.Optimizer.LearningRateAt(_step, _steps, _options.Epochs);
            loss = Step(rate);
            _step++;
            if (!double.IsFinite(loss))
                throw new NernException(FormattableString.Invariant(
                    $"The training diverged at step {_step} (loss {loss}), at a learning rate of {rate:g3}: try a lower one, or a longer warm-up."));
            var time = before + clock.Elapsed - _elapsed;
            _sums = _sums with { Time = _sums.Time + time };
            stepTime.Add(time.TotalSeconds);
            _elapsed += time;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _plan.Dispose();
        _parameters.Dispose();
    }

    /// <summary>How often progress is reported between evaluations.</summary>
    internal TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>The parameters being trained, with the gradient of the last step.</summary>
    internal NetworkParameters Parameters => _parameters;

    /// <summary>One step; returns the mean cross-entropy of its images.</summary>
    internal double Step(float learningRate)
    {
        _batch.Load(_generator);
        _plan.Forward();
        var (loss, correct) = CrossEntropy.Apply(
            _plan.Logits, _batch.Labels, _plan.LogitGradient, 1.0 / _plan.Batch, _options.LabelSmoothing);
        _plan.Backward();
        var smoothness = _smoothness?.Add() ?? 0;
        _optimizer.Step(_parameters.Values, _parameters.Gradients, learningRate);
        _plan.LoadWeights();
        _sums = new(_sums.Images + _plan.Batch, _sums.Loss + loss, _sums.Correct + correct, smoothness, _sums.Time);
        return loss / _plan.Batch;
    }

    private static void Check(Graph graph, LabelledImages train, TrainOptions options)
    {
        graph.InputShape.Check(train.Channels, train.Height, train.Width);
        if (train.Classes > graph.Classes)
            throw new NernException($"The network tells {graph.Classes} classes apart; the images have {train.Classes}.");
        if (train.Count < options.Batch)
            throw new NernException($"A step takes {options.Batch} images; there are {train.Count} to train on.");
        if (options.Augmentation.Crop > Math.Min(train.Height, train.Width))
            throw new NernException($"A crop of {options.Augmentation.Crop} pixels is more than images of {train.Height}x{train.Width} have.");
    }

    private static ParameterBlock BlockOf((int[] Shape, int Length, int Offset) tensor) => tensor.Shape.Length > 1
        ? ParameterBlock.Matrix(tensor.Offset, tensor.Shape[0], tensor.Length / tensor.Shape[0])
        : ParameterBlock.Bias(tensor.Offset, tensor.Length);

    private TrainProgress Report(double loss, double learningRate, double stepsPerSecond) => new(
        _step, _steps, (double)_step / _stepsPerEpoch, _options.Epochs, loss, learningRate, stepsPerSecond * _options.Batch, _elapsed,
        stepsPerSecond > 0 ? TimeSpan.FromSeconds((_steps - _step) / stepsPerSecond) : null, _last);

    private void Evaluate(TimeSpan elapsed)
    {
        var network = _parameters.ToNetwork(_parameters.Values, _parameters.Statistics);
        using var classifier = new Classifier(_engine, network);
        var validation = AccuracyOn(_validation);
        var isBest = validation is null || _bestEvaluation?.Validation is not { } best || validation.Value.Correct >= best.Correct;
        _last = new(
            (double)_step / _stepsPerEpoch, elapsed, _sums.Images == 0 ? 0 : _sums.Loss / _sums.Images,
            _sums.Images / Math.Max(1e-9, _sums.Time.TotalSeconds), _sums.Images == 0
                ? 0 : (double)_sums.Correct / _sums.Images, _sums.Smoothness, validation, AccuracyOn(_inputs.Test), isBest);
        _sums = default;
        if (isBest)
            (_best, _bestStatistics, _bestEvaluation) = (_parameters.Values.ToArray(), [.. _parameters.Statistics], _last);

        Accuracy? AccuracyOn(LabelledImages? images) => images is null ? null : classifier.Classify(images, _inputs.Normalization).Accuracy;
    }

    /// <summary>Takes the room for the result and for a state, which has parameters and statistics twice.</summary>
    private void Reserve(Saving saver, SavingOptions saving)
    {
        if (saving.Result is not { } path)
            return;
        var values = (2L * (_parameters.Values.Length + _parameters.Statistics.Length))
            + _optimizer.State.Sum(part => (long)part.Values.Length);
        var result = NetworkFile.SizeOf(path, _parameters.ToNetwork(_parameters.Values, _parameters.Statistics));
        saver.Reserve(result, (values * sizeof(float)) + StateText);
    }

    private void SaveTo(string path) => UnfinishedTraining.Save(path, _saved, _options, _identity);

    /// <returns>Why the checkpoint could not be written, or null. What was saved before is still there.</returns>
    private string? Save(Saving saving)
    {
        _saved.State = new()
        {
            Step = _step,
            Elapsed = _elapsed,
            Generator = _generator.Words,
            Images = _images.Position,
            OptimizerSteps = _optimizer.StepCount,
            Sums = _sums,
            Best = _bestEvaluation,
        };
        _saved.Keep("parameters", _parameters.Values);
        _saved.Keep("statistics", _parameters.Statistics);
        _saved.Keep("best", _best);
        _saved.Keep("best statistics", _bestStatistics);
        _saved.Keep(_optimizer);
        return saving.Save(SaveTo);
    }

    private void Restore(Snapshot<TrainState> snapshot, string origin)
    {
        var state = snapshot.State;
        (_step, _elapsed, _sums, _bestEvaluation, _last) = (state.Step, state.Elapsed, state.Sums, state.Best, state.Best);
        _generator.Restore(state.Generator, origin);
        _images.Position = state.Images;
        snapshot.Restore(_optimizer, state.OptimizerSteps, origin);
        _best = [.. snapshot.Values("best", state.Best is null ? 0 : _parameters.Values.Length, origin)];
        _bestStatistics = [.. snapshot.Values("best statistics", state.Best is null ? 0 : _parameters.Statistics.Length, origin)];
        snapshot.Values("parameters", _parameters.Values.Length, origin).CopyTo(_parameters.Values);
        snapshot.Values("statistics", _parameters.Statistics.Length, origin).CopyTo(_parameters.Statistics);
        _plan.LoadWeights();
    }
}
