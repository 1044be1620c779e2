using System.Diagnostics;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Fitting.Distilling;
using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Compression;

/// <summary>
/// Makes a small file of a network: its weights, or the parameters of a predictor that gives them, become integers that are chosen by
/// distilling from the original, with what they take counted in the loss (docs/compression.md).
/// </summary>
public sealed class Compressor : IDisposable
{
    private const int Evaluations = 16, BeginRounds = 4, MostBeginRounds = 16;

    // Of all steps: while the learning rate rises, and after which it falls along half a cosine.
    private const double Ramp = 0.02, DecayFrom = 0.3;

    private const int StateText = 16 << 10;

    // Any number: the same mixtures each time.
    private const ulong MixtureSeed = 0x4D495845;

    // A file that is to be no larger than wanted aims a little lower.
    private const double Margin = 0.998;

    // Of those that are counted, somewhat more than the coder takes.
    private const double BitsOfByte = 9;

    // By so much of it the first file of a network is larger than wanted, where there are so many steps, and ever less on the way: what moves
    // comes nearer to 0 by itself, and nothing makes a file grow. The integers of a predictor hardly move, so its file would stay too large.
    private const double Room = 0.025, StepsOfRoom = 4000, LeastStepsOfRoom = 400;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(0.25);

    private readonly CpuEngine _engine;
    private readonly Network _original;
    private readonly FitInputs _inputs;
    private readonly CompressOptions _options;
    private readonly Provenance _provenance;
    private readonly RoundedNetwork _network;
    private readonly CompressionStep _step;
    private readonly SizeControl _size;
    private readonly string _identity;
    private readonly long _wanted, _allSteps;
    private readonly float[] _mixtures;
    private readonly (float[] Validation, float[] Mixed) _answers;
    private readonly Classification? _test;
    private readonly Snapshot<CompressState> _saved = new();
    private float[][] _best;
    private CompressEvaluation? _bestEvaluation, _last;
    private double _bits;
    private long _steps;
    private TimeSpan _before;

    /// <summary>Compiles the network and chooses the first integers.</summary>
    /// <param name="engine">The engine; it must outlive this.</param>
    /// <param name="original">The network.</param>
    /// <param name="inputs">What to distil, choose and evaluate on.</param>
    /// <param name="options">How.</param>
    /// <param name="start">
    /// A representation of the network to begin with, such as a fit's or a larger small file; layers that it predicts stay predicted. Null begins with
    /// the network itself.
    /// </param>
    /// <param name="resume">Where to go on; null to begin.</param>
    /// <param name="preparation">Hears of the choice of the first integers, 0 to 1.</param>
    /// <param name="cancellation">Asks to stop while they are chosen.</param>
    /// <exception cref="NernException">
    /// An option is out of range or beyond the processor, the parts do not fit together, or the size cannot be reached.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was asked to stop while it prepared.</exception>
    public Compressor(
        CpuEngine engine, Network original, FitInputs inputs, CompressOptions options, NeuralRepresentation? start = null,
        UnfinishedCompression? resume = null, IProgress<double>? preparation = null, CancellationToken cancellation = default)
    {
        (_engine, _original, _inputs, _options) = (engine, original, inputs, options.For(engine, inputs, start?.Design is not null));
        CheckClassifier(original.Graph);
        if (inputs.Images is not { } images)
            throw new NernException("A compression needs inputs: images or noise.");
        if (options.Size.IsPercent && original.Source is null)
            throw new NernException("A size in percent needs an original that was read from a file.");
        _wanted = options.Size.In(original.Source?.Bytes ?? 0);
        _allSteps = _options.Steps!.Value;
        _provenance = Provenance.Of(original.Source, inputs.Normalization, _options.ToJson());
        _mixtures = _options.Mixing > 0 ? Mixtures(inputs.Validation.Span, original.Graph.InputShape.Count) : [];
        using (var classifier = new Classifier(engine, original))
        {
            _answers = Answers(classifier);
            _test = inputs is { Test: { } test, Normalization: { } normalization } ? classifier.Classify(test, normalization) : null;
        }
        var begin = start?.Reconstruct() ?? original;
        _network = new RoundedNetwork(engine, original, begin, start?.Design);
        _size = new SizeControl((long)(_wanted * Margin));
        _network.Begin(Parameters(start), _size.Bits);
        _step = new CompressionStep(engine, _network, start?.Design, original, images, _options);
        _best = [];
        _identity = UnfinishedFit.Identify(original, inputs, start);
        try
        {
            if (resume is null)
                Begin(start, preparation, cancellation);
            else
                Restore(resume);
            _bits = resume?.Snapshot.State.Bits ?? _network.Bits;
        }
        catch
        {
            _step.Dispose();
            throw;
        }
    }

    /// <summary>The original's accuracy on the test images, where there are some.</summary>
    public Accuracy? OriginalAccuracy => _test?.Accuracy;

    /// <summary>The bytes that the file may take.</summary>
    public long WantedBytes => _wanted;

    /// <summary>Runs all steps, or until <paramref name="cancellation"/> asks it to stop after the step it is in.</summary>
    /// <param name="progress">Hears a few times a second and at every evaluation; called on the calling thread.</param>
    /// <param name="cancellation">Asks for an early end; the best so far is returned.</param>
    /// <param name="saving">Where to save the state from time to time, and at the end the file.</param>
    /// <returns>The best that is small enough, and its evaluation.</returns>
    /// <exception cref="NernException">There is no room on the disk, the file could not be written, or nothing was small enough.</exception>
    public (NeuralRepresentation Best, CompressEvaluation Evaluation) Run(
        Action<CompressProgress>? progress = null, CancellationToken cancellation = default, SavingOptions? saving = null)
    {
        saving?.Validate();
        using var saver = saving is null ? null : new Saving(saving);
        saver?.Reserve(_wanted, StateBytes());
        var clock = Stopwatch.StartNew();
        var (saved, reported) = (_before, TimeSpan.Zero);
        var (stepTime, losses, rate) = (new StepTime(), (Kd: 0.0, Fmd: 0.0), 0.0);
        var elapsed = _before;
        while (true)
        {
            var ended = cancellation.IsCancellationRequested || _steps >= _allSteps;
            string? notice = null;
            if (saver is not null && (ended || elapsed - saved >= saver.Interval))
                (notice, saved) = (Save(saver, elapsed), elapsed);
            var evaluates = _steps != _last?.Step && (ended || _steps * Evaluations / _allSteps > (_last?.Step ?? -1) * Evaluations / _allSteps);
            if (evaluates)
                Evaluate(elapsed, isPlanned: !cancellation.IsCancellationRequested);
            elapsed = _before + clock.Elapsed;
            if (evaluates || notice is not null || elapsed - reported >= ReportInterval)
            {
                reported = elapsed;
                progress?.Invoke(new(
                    _steps, _allSteps, losses.Kd, losses.Fmd, (long)_size.Bytes(_network.Bits), rate, stepTime.Rate * _options.Batch,
                    elapsed, stepTime.Rate > 0 ? TimeSpan.FromSeconds((_allSteps - _steps) / stepTime.Rate) : null, _last)
                { Notice = notice });
            }
            if (ended)
            {
                SetMoving(_best);
                _step.Round();
                var best = _network.Represent(_provenance);
                saver?.Finish(path => NernFile.Save(path, best), SaveTo);
                return (best, _bestEvaluation!);
            }
            rate = _options.LearningRate!.Value * Schedule((double)_steps / _allSteps);
            _size.Add(_bits, RoomAt((double)_steps / _allSteps));
            losses = _step.Run((float)rate, _size.Rate);
            _bits = _network.Bits;
            _steps++;
            var time = _before + clock.Elapsed - elapsed;
            stepTime.Add(time.TotalSeconds);
            elapsed += time;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _step.Dispose();

    /// <summary>Rises, stays, and falls along half a cosine.</summary>
    private static double Schedule(double part) => part < Ramp
        ? part / Ramp : 0.5 * (1 + Math.Cos(Math.PI * Math.Max(0, (part - DecayFrom) / (1 - DecayFrom))));

    // In few steps a file does not come down even by a part of it.
    private double RoomAt(double part) => _network.IsPredicted || _allSteps < LeastStepsOfRoom
        ? 0 : Room * Math.Min(1, _allSteps / StepsOfRoom) * (1 - part) * (1 - part);

    private void Begin(NeuralRepresentation? start, IProgress<double>? preparation, CancellationToken cancellation)
    {
        // What stands beside the weights is known once there is a file, and what rounding by inputs takes more than to the nearest once it is done.
        var first = _wanted * (1 + RoomAt(0));
        var (bits, bytes) = (_size.BitsOf(first * Margin), long.MaxValue);
        using var predictor = start?.Design is { } design ? new PredictorInputs(_engine, design) : null;
        for (var round = 0; round < BeginRounds || (bytes > first && round < MostBeginRounds); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (round == 1)
                ShareSteps(start, predictor, bits, part => Report(1 + part), cancellation);
            _network.Begin(Parameters(start), bits);
            if (predictor is not null)
                _network.RoundByInputs(Parameters(start), predictor);
            _step.Round();
            _network.RoundByInputs(new LayerInputs(_engine, _original.Graph.InputShape, _inputs.Validation));
            _step.Round();
            bytes = NernFile.SizeOf(_network.Represent(_provenance));
            _size.Measure(_network.Bits, bytes);
            if (_size.Bits < _network.Matrices.Sum(matrix => (double)matrix.MovingWeights) / 64)
                throw new SizeTooSmallException(
                    $"A file of {_wanted} bytes is too small for this network: {_size.State.Beside:F0} stand beside the weights alone.");
            var factor = _size.BitsOf(first * Margin) / _network.Bits;
            bits *= bytes > first ? Math.Min(Margin, factor) : factor;
            Report(round == 0 ? 1 : round + 2);
        }

        // Of all rounds, and the shares between the first two.
        void Report(double done) => preparation?.Report(Math.Min(1, done / (BeginRounds + 1)));
    }

    /// <summary>
    /// Finds how large the steps of layers, and of a predictor, are to be beside one another, when all together have so many bits. Within a predictor they
    /// stay the same: measured by layer they were no better.
    /// </summary>
    private void ShareSteps(
        NeuralRepresentation? start, PredictorInputs? predictor, double bits, Action<double> preparation, CancellationToken cancellation)
    {
        var inputs = new LayerInputs(_engine, _original.Graph.InputShape, _inputs.Validation);
        var parts = _network.Parts;
        _network.Shares = [.. parts.Select(_ => 1.0)];
        _network.Begin(Parameters(start), bits);
        var answers = Answers(_network.Start);
        _network.Shares = StepShares.Of(parts, part =>
        {
            cancellation.ThrowIfCancellationRequested();
            preparation((double)part / parts.Count);
            _network.WriteAlone(part, Parameters(start), inputs, predictor);
            _step.Predict();
            return Divergence(answers, Answers(_network.ToNetwork()));
        });
    }

    private (float[] Validation, float[] Mixed) Answers(Network network)
    {
        using var classifier = new Classifier(_engine, network);
        return Answers(classifier);
    }

    private (float[] Validation, float[] Mixed) Answers(Classifier classifier) =>
        (classifier.Logits(_inputs.Validation.Span), classifier.Logits(_mixtures));

    /// <summary>How far answers are from others: of the inputs set aside, and of their mixtures where there are some.</summary>
    private double Divergence((float[] Validation, float[] Mixed) original, (float[] Validation, float[] Mixed) answers)
    {
        var validation = Agreement.Of(original.Validation, answers.Validation, _original.Graph.Logits).MeanDivergence;
        return _mixtures.Length == 0
            ? validation : (validation + Agreement.Of(original.Mixed, answers.Mixed, _original.Graph.Logits).MeanDivergence) / 2;
    }

    private void Evaluate(TimeSpan elapsed, bool isPlanned)
    {
        float[][] moving = [.. _network.Moving.Select(values => values.ToArray())], evaluated = _step.Evaluated;
        SetMoving(evaluated);
        _step.Round();
        var representation = _network.Represent(_provenance);
        var bytes = NernFile.SizeOf(representation);
        var measured = bytes;
        while (bytes > _wanted)
        {
            if (!_network.Lower(BitsOfByte * (bytes - _wanted)))
                throw new SizeTooSmallException(
                    $"The smallest file that was reached has {bytes} bytes; wanted were {_wanted}: give a larger --size.");
            _step.Round();
            representation = _network.Represent(_provenance);
            bytes = NernFile.SizeOf(representation);
        }
        evaluated = [.. _network.Moving.Select(values => values.ToArray())];
        SetMoving(moving);
        _step.Round();
        _bits = _network.Bits;
        if (isPlanned)
            _size.Measure(_network.Bits, measured);
        using var classifier = new Classifier(_engine, representation.Reconstruct());
        var answers = Answers(classifier);
        var validation = Agreement.Of(_answers.Validation, answers.Validation, _original.Graph.Logits);
        var divergence = Divergence(_answers, answers);
        var test = _test is null ? null : classifier.Classify(_inputs.Test!, _inputs.Normalization!);
        var isBest = !(divergence >= _bestEvaluation?.Validation);
        _last = new(
            _steps, elapsed, bytes, divergence, validation.Share, validation.ExpectedLoss, isBest, test?.Accuracy,
            test is null ? null : Agreement.Of(_test!.Logits, test.Logits, _original.Graph.Logits));
        if (isBest)
            (_best, _bestEvaluation) = (evaluated, _last);
    }

    /// <summary>Refuses a network that ends in features: what is small enough is chosen by class scores.</summary>
    /// <exception cref="NernException">It does.</exception>
    internal static void CheckClassifier(Graph graph)
    {
        if (graph.EndsInFeatures)
            throw new NernException("A small file is chosen by how alike class scores are; the network ends in features.");
    }

    /// <summary>
    /// Each input mixed with the next. An original knows the inputs set aside where it was trained on them, and what it says of these little
    /// of what is lost elsewhere; with mixtures beside them they tell more (docs/compression.md).
    /// </summary>
    private static float[] Mixtures(ReadOnlySpan<float> inputs, int size)
    {
        var (mixtures, generator) = (inputs.ToArray(), new Generator(MixtureSeed));
        for (var first = 0; first < inputs.Length; first += size)
            DistillationBatch.Mix(mixtures.AsSpan(first, size), inputs.Slice((first + size) % inputs.Length, size), generator.NextSingle());
        return mixtures;
    }

    private void SetMoving(float[][] values)
    {
        for (var group = 0; group < values.Length; group++)
            values[group].CopyTo(_network.Moving[group], 0);
    }

    private long StateBytes() => (5L * sizeof(float) * _network.Moving.Sum(values => (long)values.Length)) + StateText;

    private string? Save(Saving saving, TimeSpan elapsed)
    {
        _saved.State = new()
        {
            Step = _steps,
            Elapsed = elapsed,
            Generator = _step.Generator.Words,
            Images = _inputs.Images!.Position,
            Size = _size.State,
            Bits = _bits,
            Best = _bestEvaluation,
            Last = _last,
        };
        _step.Keep(_saved);
        _saved.Keep("steps", [.. _network.Matrices.SelectMany(matrix => new[] { matrix.Step, matrix.BiasStep })]);
        for (var group = 0; group < _best.Length; group++)
            _saved.Keep($"best.{group}", _best[group]);
        return saving.Save(SaveTo);
    }

    private void SaveTo(string path) => UnfinishedCompression.Save(path, _saved, _options, _identity);

    private void Restore(UnfinishedCompression unfinished)
    {
        unfinished.Check(_options, _identity);
        var (snapshot, origin) = (unfinished.Snapshot, unfinished.Path);
        var state = snapshot.State;
        (_steps, _before, _bestEvaluation, _last) = (state.Step, state.Elapsed, state.Best, state.Last);
        _step.Generator.Restore(state.Generator, origin);
        _inputs.Images!.Position = state.Images;
        _size.State = state.Size;
        _step.Restore(snapshot, state.Step, origin);
        var steps = snapshot.Values("steps", 2 * _network.Matrices.Count, origin);
        for (var i = 0; i < _network.Matrices.Count; i++)
            _network.Matrices[i].Restore(steps[2 * i], steps[(2 * i) + 1]);
        if (state.Best is not null)
            _best = [.. _network.Moving.Select((values, group) => snapshot.Values($"best.{group}", values.Length, origin).ToArray())];
        _step.Round();
    }

    private static ReadOnlySpan<float> Parameters(NeuralRepresentation? start) => start is null ? default : start.Parameters.Span;
}
