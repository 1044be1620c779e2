using System.Numerics.Tensors;
using Nern.Engine;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Training.Optimizers;
using Nern.Training.Sampling;
using Nern.Training.Schedules;

namespace Nern.Training;

/// <summary>Fits a predictor to a network: the loop of the paper's section 3.</summary>
public sealed class Fit : IDisposable
{
    private const int RampSteps = 200;

    private readonly CpuEngine _engine;
    private readonly Network _original;
    private readonly FitOptions _options;
    private readonly FitInputs _inputs;
    private readonly Generator _generator;
    private readonly PredictorDesign _design;
    private readonly PredictorPlan _predictor;
    private readonly Optimizer _optimizer;
    private readonly KernelSampler _sampler;
    private readonly float[] _target, _predicted;
    private readonly int[] _kernels;
    private Distillation? _distillation;

    /// <summary>Orders the kernels, compiles the predictor and draws its first parameters.</summary>
    /// <param name="engine">The engine; it must outlive the fit.</param>
    /// <param name="original">The network to be represented.</param>
    /// <param name="inputs">What to distil and evaluate on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears of the ordering.</param>
    /// <param name="cancellation">Ends the ordering early.</param>
    /// <exception cref="NernException">An option is out of range or beyond the processor, or the inputs do not fit the network.</exception>
    public Fit(
        CpuEngine engine, Network original, FitInputs inputs, FitOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        _engine = engine;
        _original = original;
        _inputs = inputs;
        _options = options.For(engine);
        if (options.Distills && inputs.Images is null)
            throw new NernException("Distillation needs inputs: images or noise.");
        _generator = new Generator(options.Seed);
        var layers = LearnableLayer.AllOf(original.Graph);
        var weights = layers.Select(layer => original.Values(layer.Weight)).ToArray();
        var orderings = OrderingBuilder.BuildAll(
            options.Ordering, [.. layers.Select((l, i) => new OrderingInput(weights[i], l.Filters, l.Channels, l.KernelSize))], progress, cancellation);
        _design = _options.CreateDesign(layers, orderings);
        var layout = _design.Layout;
        _target = new float[layout.Kernels * layout.RowSize];
        _predicted = new float[_target.Length];
        for (var l = 0; l < layers.Count; l++)
            layout.Write(weights[l], l, _target);
        _sampler = KernelSampler.Create(
            new() { Kind = options.Sampling, BatchSize = options.Kernels, UniformProbability = options.UniformProbability },
            [.. layers.Select(layer => layer.Kernels)], Norms(layout, _target));
        _kernels = new int[_sampler.BatchSize];
        _predictor = new PredictorPlan(engine, _design, _options.PrecisionOn(engine), _sampler.BatchSize);
        _optimizer = _options.CreateOptimizer(_design.Shape.Blocks);
        PredictorInitialization.Draw(_design.Shape, options.Initialization, _predictor.Parameters, _generator);
        _predictor.ParametersChanged();
        if (options.Initialization == Initialization.Matched)
        {
            _predictor.PredictAll(_predicted);
            PredictorInitialization.Match(_design.Shape, _predictor.Parameters, layout, _predicted, _target);
            _predictor.ParametersChanged();
        }
    }

    /// <summary>
    /// Runs to the end of the budget, or until <paramref name="cancellation"/> asks it to stop after the step it is in; then
    /// evaluates once more.
    /// </summary>
    /// <param name="progress">Hears a few times a second and at every evaluation; called on the calling thread.</param>
    /// <param name="cancellation">Asks for an early end; what has been reached is returned.</param>
    /// <returns>The best representation found, and its evaluation.</returns>
    /// <exception cref="NernException">The loss is no longer a number.</exception>
    public (NeuralRepresentation Best, FitEvaluation Evaluation) Run(
        Action<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var evaluator = new FitEvaluator(_engine, _original, _design, _target, _inputs);
        var budget = new FitBudget(_options);
        var schedule = Schedule(_options.LearningRate);
        var distils = false;
        var best = Array.Empty<float>();
        FitEvaluation? bestEvaluation = null, last = null;
        var meter = new FitMeter(_options);
        for (long step = 0; ; step++)
        {
            var ended = cancellation.IsCancellationRequested || budget.IsSpent(step, meter.Elapsed);
            if (ended || budget.IsEvaluationDue(step, meter.Elapsed))
            {
                last = evaluator.Evaluate(_predictor.Parameters, step, meter.Elapsed, bestEvaluation);
                if (last.IsBest)
                    (best, bestEvaluation) = (_predictor.Parameters.ToArray(), last);
                progress?.Invoke(meter.Report(step, budget, last));
            }
            if (ended)
                return (Represent(best), bestEvaluation!);
            if (_options.Distills && !distils && budget.IsWarmedUp(step, meter.Elapsed))
            {
                distils = true;
                budget.Join(step, meter.Elapsed);
                schedule = Schedule(step > 0 ? _options.DistillationLearningRate : _options.LearningRate);
            }
            var learningRate = schedule.At(budget.Position(step, meter.Elapsed)) * Ramp(distils);
            var losses = Step(distils, learningRate);
            meter.Count(losses, learningRate, distils);
            if (!double.IsFinite(losses.Reconstruction + losses.Kd + losses.Fmd))
                throw new NernException(FormattableString.Invariant(
                    $"The fit diverged at step {step + 1} (reconstruction {losses.Reconstruction}, kd {losses.Kd}, fmd {losses.Fmd}): try a learning rate below {schedule.Initial}."));
            if (progress is not null && meter.IsReportDue)
                progress(meter.Report(step + 1, budget, last));
        }
    }

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

    private CosineDecay Schedule(double learningRate) =>
        new((float)learningRate, (float)_options.FinalLearningRate, FitBudget.ScheduleSteps);

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
    private float Ramp(bool distils) => distils && _distillation is null ? 1f / RampSteps : Math.Min(1, (_optimizer.StepCount + 1f) / RampSteps);

    internal Losses Step(bool distils, float learningRate)
    {
        var count = _sampler.Sample(_kernels, _generator);
        // In order, memory is walked through and not jumped about in.
        _kernels.AsSpan(0, count).Sort();
        Clock?.Finish("sampling");
        _predictor.PredictAll(_predicted);
        var squaredError = _design.Layout.SquaredDistance(_predicted, _target);
        var (reconstruction, factor) = ReconstructionLoss.Of(squaredError, _design.Layout.Weights, _options.ReconstructionForm);

        _predictor.PredictBatch(_kernels, count);
        var gradient = _predictor.OutputGradient;
        gradient.Clear();
        AddReconstructionGradient(count, factor, gradient);
        Clock?.Finish("losses");
        var (kd, fmd) = (0.0, 0.0);
        if (distils)
        {
            _distillation ??= BeginDistillation();
            (kd, fmd) = _distillation.Run(_predicted, _kernels, count, gradient, _generator);
        }
        _predictor.Backward();
        _optimizer.Step(_predictor.Parameters, _predictor.Gradient, learningRate);
        Clock?.Finish("optimiser");
        _predictor.ParametersChanged();
        return new(reconstruction, kd, fmd);
    }

    private Distillation BeginDistillation()
    {
        // Moments of the far smaller reconstruction gradient would turn the first distilling steps into leaps.
        _optimizer.StepCount = 0;
        return new(_engine, _original, _design.Layout, _inputs.Images!, _kernels.Length, _options);
    }

    private void AddReconstructionGradient(int count, double factor, Span<float> gradient)
    {
        var (layout, output) = (_design.Layout, _predictor.Output.Length / _sampler.BatchSize);
        for (var row = 0; row < count; row++)
        {
            var target = _target.AsSpan(_kernels[row] * output, output);
            var predicted = _predictor.Output.Slice(row * output, output);
            foreach (var position in layout.Positions(layout.LayerOf(_kernels[row])))
                gradient[(row * output) + position] = (float)(factor * (predicted[position] - target[position]));
        }
    }

    private NeuralRepresentation Represent(float[] parameters)
    {
        var predicted = _design.Layout.Layers.Select(layer => layer.Weight).ToHashSet();
        return new NeuralRepresentation(
            _original.Graph, _design, parameters,
            [.. _original.Tensors.Select(t => KeyValuePair.Create(t.Key, predicted.Contains(t.Key) ? null : t.Value))],
            new Provenance(_original.Source, _inputs.Normalization?.Mean, _inputs.Normalization?.Std, _options.ToJson()));
    }

    private static float[] Norms(KernelLayout layout, ReadOnlySpan<float> rows)
    {
        var norms = new float[layout.Kernels];
        for (var kernel = 0; kernel < norms.Length; kernel++)
            norms[kernel] = TensorPrimitives.Norm(rows.Slice(kernel * layout.RowSize, layout.RowSize));
        return norms;
    }
}
