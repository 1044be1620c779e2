using Nern.Data;
using Nern.Fitting;
using Nern.Fitting.Distilling;
using Nern.Fitting.Sampling;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Ranks;
using Nern.Runs;

namespace Nern.Compression;

/// <summary>
/// A step of quantised distilling: everything is rounded, the losses are taken with what that gives, and their gradient, with the slope of
/// the bits, moves what was rounded.
/// </summary>
internal sealed class CompressionStep : IDisposable
{
    private static readonly string[] Groups = ["weights", "exponents", "biases"];

    // In exponents and biases of a step, by a weight's.
    private const float RowRate = 7;

    private readonly RoundedNetwork _network;
    private readonly PredictorDesign? _design;
    private readonly PredictorPlan? _predictor;
    private readonly ReconstructionTarget? _target;
    private readonly KernelSampler? _sampler;
    private readonly DrawnKernels _drawn = new(0, new SingleRank());
    private readonly DistillationBatch _batch;
    private readonly float[] _gradient, _rows = [], _rowGradients = [], _parameterGradient = [];
    private readonly float[][] _gradients;
    private readonly float[] _largest;
    private readonly AdamW[] _optimizers;
    private readonly ParameterAverage[] _averages;
    private readonly double _targetNorm;

    /// <param name="engine">The engine; it must outlive the steps.</param>
    /// <param name="network">What moves; begun.</param>
    /// <param name="design">The predictor, where there is one.</param>
    /// <param name="original">The network.</param>
    /// <param name="images">What to distil on.</param>
    /// <param name="options">How, with a precision.</param>
    internal CompressionStep(
        CpuEngine engine, RoundedNetwork network, PredictorDesign? design, Network original, IImageSource images, CompressOptions options)
    {
        (_network, _design) = (network, design);
        Generator = new Generator(options.Seed);
        var precision = options.Precision!.Value;
        _gradient = new float[network.Values.Length];
        _gradients = [.. network.Moving.Select(values => new float[values.Length])];
        _largest = new float[network.Matrices.Max(matrix => matrix.Rows * matrix.Columns)];
        _optimizers = [.. network.Moving.Select(values => new AdamW([ParameterBlock.Bias(0, values.Length)]))];
        if (design is not null)
        {
            var layers = design.Layout.Layers;
            _sampler = KernelSampler.Create(
                new() { Kind = SamplingKind.Uniform, Kernels = Math.Min(options.Kernels, design.Layout.Kernels) },
                design.Layout.Counts, default);
            _drawn = new(_sampler.BatchSize, new SingleRank());
            _target = new(design.Layout, [.. layers.Select(layer => original.Values(layer.Weight))]);
            _targetNorm = _target.SquaredNorms().Sum();
            _predictor = new PredictorPlan(engine, design, precision, _sampler.BatchSize);
            _rows = new float[design.Layout.Kernels * design.Layout.RowSize];
            _rowGradients = new float[_rows.Length];
            _parameterGradient = new float[design.Shape.ParameterCount];
        }
        _averages = [.. network.Moving.Select(values => new ParameterAverage(values, options.Averaging))];
        var folded = network.Folded.Network;
        var maps = folded.Graph.Nodes.OfType<Relu>().DistinctBy(relu => relu.Inputs[0]).Count();
        var terms = new DistillationTerms(1, LogitLossForm.Exact, options.Fmd!.Value / Math.Max(1, maps), FeatureMapLoss.Relative);
        _batch = new(
            images, options.Batch, network.Values.Length, new SingleRank(),
            microBatch => TuningLane.Create(engine, folded, precision, microBatch, terms, options.Batch))
        { Mixing = options.Mixing!.Value };
        Maps = Math.Max(1, maps);
    }

    /// <summary>Feature maps that are compared.</summary>
    internal int Maps { get; }

    /// <summary>Where all randomness comes from.</summary>
    internal Generator Generator { get; }

    /// <summary>Steps that the optimisers have taken.</summary>
    internal long OptimizerSteps => _optimizers[0].StepCount;

    /// <summary>What is evaluated and kept, group by group: averages, where there are some.</summary>
    internal float[][] Evaluated => [.. _network.Moving.Select(
        (values, group) => (_averages[group].Values.Length > 0 ? _averages[group].Values : values).ToArray())];

    /// <summary>Rounds all, and predicts what is predicted.</summary>
    internal void Round()
    {
        _network.Write();
        Predict();
    }

    /// <summary>Predicts what is predicted by the parameters that are written.</summary>
    internal void Predict()
    {
        if (_predictor is null)
            return;
        _network.Parameters.CopyTo(_predictor.Parameters);
        _predictor.ParametersChanged();
        _predictor.PredictAll(_rows);
        _network.Predict(_rows);
    }

    /// <summary>One step.</summary>
    /// <param name="learningRate">How far a weight moves, in steps of its integers.</param>
    /// <param name="rate">What a bit counts in the loss.</param>
    /// <returns>The divergence of the logits and the mean relative error of the feature maps, before the step.</returns>
    internal (double Kd, double Fmd) Run(float learningRate, float rate)
    {
        Round();
        Array.Clear(_gradient);
        var (kd, fmd) = _batch.Run(_network.Values, _gradient, Generator);
        var (weight, row) = (0, 0);
        for (var l = 0; l < _network.Matrices.Count; l++)
        {
            var matrix = _network.Matrices[l];
            if (l == _network.Layers.Count)
                BackwardPredictor();
            var weights = matrix.IsGiven
                ? _largest.AsSpan(0, matrix.Rows * matrix.Columns) : _gradients[0].AsSpan(weight, matrix.MovingWeights);
            matrix.Backward(
                l < _network.Layers.Count ? _gradient : _parameterGradient, rate, weights, _gradients[1].AsSpan(row, matrix.Rows),
                _gradients[2].AsSpan(row, matrix.Rows));
            if (l < _network.Layers.Count && _network.Places[l] is >= 0 and var place)
                _design!.Layout.WriteGradient(weights, place, _rowGradients);
            (weight, row) = (weight + matrix.MovingWeights, row + matrix.Rows);
        }
        for (var group = 0; group < _optimizers.Length; group++)
        {
            _optimizers[group].Step(_network.Moving[group], _gradients[group], group == 0 ? learningRate : RowRate * learningRate);
            _averages[group].Add(_network.Moving[group], OptimizerSteps);
        }
        return (kd, fmd / Maps);
    }

    /// <summary>Keeps the arrays that a step changes.</summary>
    internal void Keep<TState>(Snapshot<TState> snapshot) where TState : struct
    {
        for (var group = 0; group < Groups.Length; group++)
        {
            snapshot.Keep(Groups[group], _network.Moving[group]);
            snapshot.Keep($"{Groups[group]}.average", _averages[group].Values);
            foreach (var (name, values) in _optimizers[group].State)
                snapshot.Keep($"{Groups[group]}.{name}", values.Span);
        }
    }

    /// <summary>Goes back to where a snapshot was taken.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="steps">Steps that the optimisers had taken.</param>
    /// <param name="origin">Where it comes from, for the message.</param>
    /// <exception cref="NernException">It is of other work.</exception>
    internal void Restore<TState>(Snapshot<TState> snapshot, long steps, string origin) where TState : struct
    {
        for (var group = 0; group < Groups.Length; group++)
        {
            snapshot.Values(Groups[group], _network.Moving[group].Length, origin).CopyTo(_network.Moving[group]);
            snapshot.Values($"{Groups[group]}.average", _averages[group].Values.Length, origin).CopyTo(_averages[group].Values);
            _optimizers[group].StepCount = steps;
            foreach (var (name, values) in _optimizers[group].State)
                snapshot.Values($"{Groups[group]}.{name}", values.Length, origin).CopyTo(values.Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _predictor?.Dispose();
    }

    /// <summary>From the gradient at the predicted weights, through some of the kernels, to that at the parameters.</summary>
    private void BackwardPredictor()
    {
        _drawn.Draw(_sampler!, Generator);
        _predictor!.PredictBatch(_drawn.Room, _drawn.Count);
        var gradient = _predictor.OutputGradient;
        gradient.Clear();
        var size = _design!.Layout.RowSize;
        // |W - W^|^2 / |W|^2, as far as these kernels tell.
        var share = _target!.Share(_drawn.Kernels);
        _target.WriteGradient(_drawn.Kernels, _predictor.Output, 2 / _targetNorm, gradient);
        for (var i = 0; i < _drawn.Count; i++)
        {
            var own = _rowGradients.AsSpan(_drawn.Kernels[i] * size, size);
            for (var value = 0; value < size; value++)
                gradient[(i * size) + value] = (float)(share * (gradient[(i * size) + value] + own[value]));
        }
        _predictor.Backward();
        _predictor.Gradient.CopyTo(_parameterGradient);
    }
}
