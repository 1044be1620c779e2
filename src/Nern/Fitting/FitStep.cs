using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Nern.Engine;
using Nern.Fitting.Distilling;
using Nern.Fitting.Resuming;
using Nern.Fitting.Sampling;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Paths;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Ranks;
using Nern.Runs;

namespace Nern.Fitting;

/// <summary>
/// A step of a fit: some kernels are drawn (paper, section 3.2), all are predicted, the losses are taken (equation 2), and their gradient
/// flows through the kernels drawn to the predictor's parameters. Ranks share the kernels drawn, those that are predicted, and the images;
/// each then has the whole gradient and takes the same step.
/// </summary>
internal sealed class FitStep : IDisposable
{
    /// <summary>Steps during which the learning rate rises.</summary>
    internal const int RampSteps = 200;

    private readonly CpuEngine _engine;
    private readonly Network _original;
    private readonly FitInputs _inputs;
    private readonly FitOptions _options;
    private readonly KernelSampler _sampler, _distillationSampler;
    private readonly ParameterAverage _average;
    private readonly DrawnKernels _drawn;
    private readonly int[] _zeros;
    private readonly Communicator _ranks;
    private readonly float[] _ofNetworks = [];
    private DistillationBatch? _distillation;
    private StepClock? _clock;

    private FitStep(
        CpuEngine engine, Network original, FitInputs inputs, FitOptions options, ReconstructionTarget target, KernelSampler sampler,
        KernelSampler distillationSampler, PredictorDesign design, PredictorPlan predictor, KernelPredictions predictions, Generator generator, Communicator ranks, int[] zeros)
    {
        (_engine, _original, _inputs, _options, Target) = (engine, original, inputs, options, target);
        (_sampler, _distillationSampler) = (sampler, distillationSampler);
        (Design, Predictor, Predictions, Generator) = (design, predictor, predictions, generator);
        (_drawn, _ranks) = (new(Math.Max(sampler.BatchSize, distillationSampler.BatchSize), ranks), ranks);
        if (ranks.IsShared)
            _ofNetworks = new float[distillationSampler.BatchSize * design.Layout.RowSize];
        Optimizer = options.Optimizer.Create(engine, options.PrecisionOn(engine), BlocksOf(design.Shape));
        _zeros = zeros;
        _average = new(predictor.Parameters, options.Optimizer.Averaging);
    }

    /// <summary>Orders the kernels, weighs them, compiles the predictor and gives it its first parameters.</summary>
    /// <param name="engine">The engine; it must outlive the steps.</param>
    /// <param name="original">The network to be represented.</param>
    /// <param name="inputs">What to distil on.</param>
    /// <param name="options">How; with all that they may leave open decided.</param>
    /// <param name="fitted">The network whose weights are fitted: the original, or a smoother one.</param>
    /// <param name="ranks">Who shares the work.</param>
    /// <param name="from">What to begin with, orderings included; null to draw it.</param>
    /// <param name="progress">Hears of the ordering, 0 to 1.</param>
    /// <param name="cancellation">Ends the ordering early.</param>
    /// <exception cref="NernException">The options do not fit the network, or there are no inputs to distil on.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    internal static FitStep Prepare(
        CpuEngine engine, Network original, FitInputs inputs, FitOptions options, Network fitted, Communicator ranks,
        FitStart? from = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Objective.Weights.Distils && inputs.Images is null)
            throw new NernException("Distillation needs inputs: images or noise.");
        var design = from?.Design(options.Predictor, fitted) ?? DesignOf(fitted, options, progress, cancellation);
        var layers = design.Layout.Layers;
        var weights = layers.Select(layer => fitted.Values(layer.Weight)).ToArray();
        var unweighted = new ReconstructionTarget(design.Layout, weights);
        var target = new ReconstructionTarget(
            unweighted, KernelImportance.Of(options.Objective.Weighting, engine, original, unweighted, inputs.Images, options.Seed));
        var norms = target.Norms();
        var sampler = KernelSampler.Create(options.Sampling, design.Layout.Counts, norms);
        // Where nothing is distilled there is nothing to draw for it.
        var distillationSampler = options.Objective.Weights.Distils
            ? KernelSampler.Create(options.Sampling.Distilling(design.Layout.Kernels), design.Layout.Counts, norms) : sampler;
        var most = Math.Max(sampler.BatchSize, distillationSampler.BatchSize);
        var block = KernelPredictions.BlockOf(design.Layout.Kernels, options.Sampling.Refresh);
        var predictor = new PredictorPlan(
            engine, design, options.PrecisionOn(engine), ranks.LargestShare(most), ranks.LargestShare(block),
            usual: ranks.LargestShare(sampler.BatchSize));
        try
        {
            var generator = new Generator(options.Seed);
            var predictions = new KernelPredictions(predictor, block, ranks, most);
            Initialize(predictor, design, options.Predictor.Initialization, from, target, predictions.Rows, generator);
            return new(
                engine, original, inputs, options, target, sampler, distillationSampler, design, predictor, predictions, generator, ranks,
                options.Optimizer.KeepZeros && from is not null ? from.Zeros() : []);
        }
        catch
        {
            predictor.Dispose();
            throw;
        }
    }

    /// <summary>Where all randomness comes from.</summary>
    internal Generator Generator { get; }

    /// <summary>What the predictor is asked.</summary>
    internal PredictorDesign Design { get; }

    /// <summary>The predictor being fitted, with the gradient of the last step over all ranks.</summary>
    internal PredictorPlan Predictor { get; }

    /// <summary>The weights that the predictor is to give.</summary>
    internal ReconstructionTarget Target { get; }

    /// <summary>The weights that the reconstruction runs with.</summary>
    internal KernelPredictions Predictions { get; }

    /// <summary>What moves the parameters.</summary>
    internal Optimizer Optimizer { get; }

    /// <summary>The parameters that are evaluated and kept: the average, where there is one.</summary>
    internal ReadOnlySpan<float> Evaluated => _average.Values.Length > 0 ? _average.Values : Predictor.Parameters;

    /// <summary>
    /// What the learning rate of the next step is multiplied with. The first steps are small ones, at the start and again when distillation
    /// joins: until it knows the scale of a gradient, Adam moves every parameter by the whole learning rate.
    /// </summary>
    internal float Ramp => Math.Min(1, (Optimizer.StepCount + 1f) / RampSteps);

    /// <summary>One step.</summary>
    /// <param name="weights">Of the losses; distillation runs where it has some.</param>
    /// <param name="learningRate">Finite, 0 or more.</param>
    /// <returns>The losses before the step.</returns>
    internal Losses Run(LossWeights weights, float learningRate)
    {
        _drawn.Draw(weights.Distils ? _distillationSampler : _sampler, Generator);
        _clock?.Finish("sampling");
        var losses = weights.Distils ? Distil(weights) : Reconstruct(weights);
        _ranks.Sum(Predictor.Gradient);
        FinishExchange();
        Optimizer.Step(Predictor.Parameters, Predictor.Gradient, learningRate);
        if (_ranks.IsShared && Optimizer.DependsOnProcessor)
            _ranks.Broadcast(MemoryMarshal.AsBytes(Predictor.Parameters));
        foreach (var place in _zeros)
            Predictor.Parameters[place] = 0;
        _average.Add(Predictor.Parameters, Optimizer.StepCount);
        _clock?.Finish("optimiser");
        Predictor.ParametersChanged();
        return losses;
    }

    /// <summary>Keeps the arrays that a step changes.</summary>
    internal void Keep(Snapshot<FitState> snapshot)
    {
        snapshot.Keep("parameters", Predictor.Parameters);
        snapshot.Keep("average", _average.Values);
        snapshot.Keep(Optimizer);
    }

    /// <summary>Goes back to where a snapshot was taken.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="origin">Where it comes from, for the message.</param>
    /// <exception cref="NernException">It is of another fit.</exception>
    internal void Restore(Snapshot<FitState> snapshot, string origin)
    {
        Generator.Restore(snapshot.State.Generator, origin);
        snapshot.Restore(Optimizer, snapshot.State.OptimizerSteps, origin);
        snapshot.Values("parameters", Predictor.Parameters.Length, origin).CopyTo(Predictor.Parameters);
        snapshot.Values("average", _average.Values.Length, origin).CopyTo(_average.Values);
        Predictions.Restore(snapshot, origin);
        Predictor.ParametersChanged();
    }

    /// <summary>The steps of all plans there are by now; those of an array run at the same time, each on its own thread.</summary>
    internal IEnumerable<Engine.Step[]> ConcurrentSteps =>
        Predictor.ConcurrentSteps.Concat(_distillation?.ConcurrentSteps ?? []);

    /// <summary>Times the steps of all plans there are by now, and the work between, with a clock a thread; none to end it.</summary>
    internal void Watch(IReadOnlyList<StepClock> clocks)
    {
        _clock = clocks.FirstOrDefault();
        _distillation?.Watch(clocks);
        Predictor.Watch(clocks);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _distillation?.Dispose();
        Optimizer.Dispose();
        Predictor.Dispose();
    }

    /// <summary>
    /// The gradient of the loss on the weights alone. Only the network needs all kernels; without it the chosen ones stand for them. Their
    /// squared error gives nothing but a factor of the gradient, so threads need not meet before the way back.
    /// </summary>
    private Losses Reconstruct(LossWeights weights)
    {
        var share = Target.Share(_drawn.Kernels);
        Span<double> error = [share * Predictor.PredictBatch(_drawn.OwnRoom, _drawn.OwnCount, Target)];
        _ranks.Sum(error);
        FinishExchange();
        var (loss, factor) = ReconstructionLoss.Of(error[0], Design.Layout.WeightCount, _options.Objective.ReconstructionForm);
        Predictor.SumGradients((float)(factor * weights.Reconstruction * share));
        return new(loss, 0, 0);
    }

    /// <summary>The gradient of all losses.</summary>
    private Losses Distil(LossWeights weights)
    {
        Predictions.Refresh(_drawn);
        FinishExchange();
        var (loss, factor) = ReconstructionLoss.Of(
            Target.SquaredError(Predictions.Rows), Design.Layout.WeightCount, _options.Objective.ReconstructionForm);
        var gradient = Predictor.OutputGradient;
        gradient.Clear();
        Target.WriteGradient(_drawn.Own, Predictor.Output, factor * weights.Reconstruction, gradient);
        _clock?.Finish("losses");
        var (kd, fmd) = AddNetworks(gradient);
        Predictor.Backward();
        return new(loss, kd, fmd);
    }

    /// <summary>Adds the gradient that the networks leave at this rank's kernels, of all ranks' images.</summary>
    /// <returns>Logit and feature-map loss over all images.</returns>
    private (double Kd, double Fmd) AddNetworks(Span<float> gradient)
    {
        _distillation ??= Distillation();
        var row = Design.Layout.RowSize;
        if (!_ranks.IsShared)
            return _distillation.Run(Predictions.Rows, gradient[..(_drawn.Count * row)], Generator);
        var all = _ofNetworks.AsSpan(0, _drawn.Count * row);
        all.Clear();
        var (kd, fmd) = _distillation.Run(Predictions.Rows, all, Generator);
        Span<double> losses = [kd, fmd];
        _ranks.Sum(losses);
        _ranks.Sum(all);
        FinishExchange();
        var own = gradient[..(_drawn.OwnCount * row)];
        TensorPrimitives.Add(own, all.Slice(_drawn.OwnFirst * row, own.Length), own);
        return (losses[0], losses[1]);
    }

    private void FinishExchange()
    {
        if (_ranks.IsShared)
            _clock?.Finish("exchange with other ranks");
    }

    private DistillationBatch Distillation() => new(
        _inputs.Images!, _options.Inputs.Batch, _distillationSampler.BatchSize * Design.Layout.RowSize, _ranks,
        microBatch => KernelLane.Create(_engine, _original, Design.Layout, _drawn, microBatch, _options));

    private static PredictorDesign DesignOf(
        Network fitted, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        var layout = options.Predictor.Layout(fitted);
        var orderings = OrderingBuilder.BuildAll(
            options.Predictor.Ordering,
            [.. layout.Layers.Select((layer, l) => new OrderingInput(
                layout.Padded(fitted.Values(layer.Weight), l), layer.Filters, layout.Blocks[l], layout.Positions(l).Length))],
            progress, cancellation);
        return options.Predictor.CreateDesign(layout, options.Seed, orderings);
    }

    private static void Initialize(
        PredictorPlan predictor, PredictorDesign design, Initialization kind, FitStart? from, ReconstructionTarget target,
        float[] predicted, Generator generator)
    {
        if (from is not null)
            from.Write(design.Shape, kind, predictor.Parameters, generator);
        else
            PredictorInitialization.Draw(design.Shape, kind, predictor.Parameters, generator);
        predictor.ParametersChanged();
        if (from is not null || kind != Initialization.Matched)
            return;
        predictor.PredictAll(predicted);
        PredictorInitialization.Match(design.Shape, predictor.Parameters, design.Layout, predicted, target.Rows);
        predictor.ParametersChanged();
    }

    /// <summary>The tensors of a predictor as optimisers take them: for each layer its weight, then its bias.</summary>
    internal static ParameterBlock[] BlocksOf(PredictorShape shape) =>
    [
        .. Enumerable.Range(0, shape.Depth).SelectMany(layer => new[]
        {
            ParameterBlock.Matrix(shape.WeightOffset(layer), shape.RowsOf(layer), shape.ColumnsOf(layer)),
            ParameterBlock.Bias(shape.BiasOffset(layer), shape.RowsOf(layer)),
        }),
    ];
}
