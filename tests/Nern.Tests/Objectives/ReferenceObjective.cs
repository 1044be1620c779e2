using Nern.Fitting;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn.Tests.References;
using Nern.Predictor;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Prediction;

namespace Nern.Tests.Objectives;

/// <summary>
/// The whole objective, from the predictor's parameters to the loss and back, in float64 and as the paper writes it:
/// L = L_recon + alpha L_KD + beta L_FMD.
/// </summary>
internal sealed class ReferenceObjective
{
    private readonly PredictorDesign _design;
    private readonly FitOptions _options;
    private readonly Network _original;
    private readonly ReferencePredictor _predictor;
    private readonly ReferenceNetwork _reconstruction;
    private readonly double[][] _coordinates;
    private readonly Volume _images;
    private readonly Volume[] _teacher;
    private readonly float[][] _targets;
    private readonly double[][] _predicted;

    internal ReferenceObjective(Network original, PredictorDesign design, FitOptions options, float[] images)
    {
        _original = original;
        _design = design;
        _options = options;
        _predictor = new ReferencePredictor(design);
        _targets = [.. design.Layout.Layers.Select(layer => original.Values(layer.Weight))];
        _predicted = [.. _targets.Select(target => new double[target.Length])];
        _coordinates = ReferencePredictor.Coordinates(design);
        _reconstruction = new ReferenceNetwork(original);
        var shape = original.Graph.InputShape;
        _images = new Volume(images.Length / shape.Count, shape.Channels, shape.Height, shape.Width, PredictorCase.Doubles(images));
        _teacher = new ReferenceNetwork(original).Forward(_images);
    }

    /// <summary>What is distilled before each ReLU: the node, and how often it counts.</summary>
    private IEnumerable<(int Node, int Weight)> Maps => _original.Graph.Nodes.OfType<Relu>().Select(relu => relu.Inputs[0]).Distinct()
        .Select(node => (node, _options.Objective.SumsTwice && _original.Graph.Nodes[node] is Add ? 2 : 1));

    internal double Total(double[] parameters)
    {
        var losses = Losses(parameters);
        return (_options.Objective.Reconstruction * losses.Reconstruction) + (_options.Objective.Kd * losses.Kd)
            + (_options.Objective.Fmd * losses.Fmd);
    }

    internal Losses Losses(double[] parameters) => Losses(Forward(parameters));

    /// <summary>The gradient of the total, as far as it flows through <paramref name="kernels"/>.</summary>
    internal double[] Gradient(double[] parameters, IEnumerable<int> kernels)
    {
        var values = Forward(parameters);
        var errors = Errors();
        var factor = ReconstructionLoss.Of(
            errors.Sum(layer => layer.Sum(error => error * error)), errors.Sum(layer => layer.Length),
            _options.Objective.ReconstructionForm).Factor
            * _options.Objective.Reconstruction;
        var extra = Maps.ToDictionary(
            map => map.Node, map => FeatureMapGradient(values[map.Node], _teacher[map.Node], _options.Objective.Fmd * map.Weight));
        var weights = _reconstruction.Backward(values, LogitGradient(values[^1]), extra);
        double[][] distilling = [.. _design.Layout.Layers.Select((layer, l) => _design.Layout.Means is null ? weights[layer.Weight]
            : WithMeans(weights[layer.Weight], new double[layer.Filters]))];

        var gradient = new double[parameters.Length];
        foreach (var kernel in kernels)
        {
            var (layer, first, count) = ReferenceReading.WeightsOf(_design.Layout, kernel);
            double[] atKernel = [.. Enumerable.Range(first, count).Select(
                index => distilling[layer][index] + (factor * Root(layer) * errors[layer][index]))];
            var row = _predictor.Predict(parameters, _coordinates[kernel]);
            _predictor.AddGradient(
                parameters, _coordinates[kernel], ReferenceReading.Back(_design.Layout, kernel, row, atKernel), gradient);
        }
        return gradient;
    }

    /// <summary>Predicts all kernels into the reconstruction and runs it.</summary>
    private Volume[] Forward(double[] parameters)
    {
        for (var kernel = 0; kernel < _coordinates.Length; kernel++)
        {
            var (layer, first, _) = ReferenceReading.WeightsOf(_design.Layout, kernel);
            var row = _predictor.Predict(parameters, _coordinates[kernel]);
            ReferenceReading.Read(_design.Layout, kernel, row).CopyTo(_predicted[layer], first);
        }
        foreach (var (l, layer) in _design.Layout.Layers.Index())
            (_design.Layout.Means is null ? _predicted[l] : WithMeans(_predicted[l], PredictorCase.Doubles(_design.Layout.Means[l].Span)))
                .CopyTo(_reconstruction.Parameters[layer.Weight], 0);
        return _reconstruction.Forward(_images);
    }

    /// <summary>A layer's values, those of each filter shifted to a mean.</summary>
    private static double[] WithMeans(double[] values, double[] means) =>
        [.. values.Chunk(values.Length / means.Length).Zip(means, (filter, mean) => filter.Select(value => value - filter.Average() + mean)).SelectMany(filter => filter)];

    private Losses Losses(Volume[] values) => new(
        ReconstructionLossTests.Direct([.. Errors().SelectMany(errors => errors)], _options.Objective.ReconstructionForm),
        LogitLossTests.Direct(_teacher[^1].Values, values[^1].Values, _options.Objective.KdForm, _original.Graph.Logits) / _images.Samples,
        Maps.Sum(map => map.Weight * FeatureMapDistance(values[map.Node], _teacher[map.Node])) / _images.Samples);

    /// <summary>Predicted, whatever the means of filters are, minus original weights of each layer, times the root of what a square of the layer counts.</summary>
    private double[][] Errors() => [.. _design.Layout.Layers.Select((_, l) =>
        _predicted[l].Zip(_targets[l], (predicted, target) => Root(l) * (predicted - target)).ToArray())];

    /// <summary>What a square counts by layer: the inverse of its mean square, with a mean of one over all weights.</summary>
    private double Root(int layer)
    {
        if (_options.Objective.Weighting == KernelWeighting.None)
            return 1;
        double[] meanSquares = [.. _targets.Select(target => target.Average(value => value * value))];
        var mean = _targets.Zip(meanSquares, (target, square) => target.Length / square).Sum() / _targets.Sum(target => target.Length);
        return Math.Sqrt(1 / (meanSquares[layer] * mean));
    }

    private double FeatureMapDistance(Volume student, Volume teacher) => Samples(student).Zip(Samples(teacher), (s, t) =>
        Normalised(s).Zip(Normalised(t), (x, y) => (x - y) * (x - y)).Sum()).Sum();

    /// <summary>The Jacobian of s / (|s| + e) is I / (|s| + e) - s s' / (|s| (|s| + e)^2).</summary>
    private double[] FeatureMapGradient(Volume student, Volume teacher, double weight) =>
    [
        .. Samples(student).Zip(Samples(teacher), (s, t) =>
        {
            double[] difference = [.. Normalised(s).Zip(Normalised(t), (x, y) => x - y)];
            var (norm, along) = (Norm(s), difference.Zip(s, (d, x) => d * x).Sum());
            return difference.Zip(s, (d, x) =>
                2 * weight / _images.Samples
                * ((d / (norm + MapEpsilon)) - (along * x / (norm * (norm + MapEpsilon) * (norm + MapEpsilon)))));
        }).SelectMany(gradient => gradient),
    ];

    /// <summary>Through -p log(q + e) first, then through the softmax.</summary>
    private double[] LogitGradient(Volume logits) =>
    [
        .. Rows(_teacher[^1]).Zip(Rows(logits), (a, b) =>
        {
            var epsilon = _options.Objective.KdForm == LogitLossForm.Stable ? 1e-4 : 0;
            var (p, q) = (Softmax(a), Softmax(b));
            double[] outer = [.. p.Zip(q, (x, y) => -x / (y + epsilon))];
            var mean = outer.Zip(q, (g, y) => g * y).Sum();
            // The zero that stands beside a single logit has no gradient.
            return outer.Zip(q, (g, y) => _options.Objective.Kd / _images.Samples * y * (g - mean)).TakeLast(_original.Graph.Logits);
        }).SelectMany(gradient => gradient),
    ];

    private IEnumerable<double[]> Rows(Volume logits) => LogitLossTests.Rows(logits.Values, _original.Graph.Logits);

    private static IEnumerable<double[]> Samples(Volume volume) => volume.Values.Chunk(volume.Values.Length / volume.Samples);

    private double MapEpsilon => _options.Objective.FmdForm == FeatureMapLossForm.Released ? 1e-3 : 0;

    private static double Norm(double[] map) => Math.Sqrt(map.Sum(value => value * value));

    private IEnumerable<double> Normalised(double[] map)
    {
        var norm = Norm(map) + MapEpsilon;
        return map.Select(value => value / norm);
    }

    private static double[] Softmax(double[] logits)
    {
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
