using Nern.Evaluation;
using Nern.Forward;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Ranks;

namespace Nern.Fitting;

/// <summary>
/// Evaluates a predictor as its file gives it, on inputs that training does not see; each rank asks it for a share of the kernels, and
/// classifies a share of the inputs.
/// </summary>
internal sealed class FitEvaluator : IDisposable
{
    private readonly PredictorDesign _design;
    private readonly Classifier _classifier;
    private readonly FitInputs _inputs;
    private readonly PredictedLayers _layers;
    private readonly OriginalOutputs _original;
    private readonly Communicator _ranks;
    private readonly float[] _target, _predicted;

    internal FitEvaluator(
        CpuEngine engine, Network original, OriginalOutputs outputs, PredictorDesign design, float[] target, FitInputs inputs,
        Communicator ranks)
    {
        (_original, _ranks) = (outputs, ranks);
        _design = design;
        _inputs = inputs;
        _target = target;
        _predicted = new float[target.Length];
        _classifier = new Classifier(engine, original, design.Layout.Layers.Select(layer => layer.Name).ToHashSet());
        _layers = new PredictedLayers(design.Layout, _classifier.Layers);
    }

    internal FitEvaluation Evaluate(ReadOnlySpan<float> parameters, long step, TimeSpan elapsed, FitEvaluation? best)
    {
        var weights = ForwardPass.PredictShare(_design, parameters.ToArray(), _ranks.Rank, _ranks.Size);
        for (var l = 0; l < weights.Length; l++)
            _design.Layout.Write(weights[l], l, _predicted);
        // What a rank has not predicted is 0.
        _ranks.Sum(_predicted);
        _layers.Load(_predicted);
        _classifier.WeightsChanged();

        var inputs = OriginalOutputs.ValidationOf(_inputs, _classifier, _ranks);
        var validation = Compare(_original.Validation, _classifier.Logits(inputs)).Distance;
        var ofFeatures = _classifier.Graph.EndsInFeatures;
        Accuracy? accuracy = null;
        Comparison? comparison = null;
        if (_original.Test is { } test)
        {
            var images = _inputs.Test!;
            var reconstruction = _classifier.Classify(images, _inputs.Normalization!, _ranks.Share(images.Count));
            accuracy = ofFeatures ? null : reconstruction.Accuracy.Over(_ranks);
            comparison = Compare(test.Logits, reconstruction.Logits);
        }
        var errors = WeightError.OfLayers(_design.Layout, _target, _predicted);
        var error = WeightError.Sum(errors).Relative;
        var isBest = best is null || validation < best.Validation || !double.IsFinite(best.Validation)
            || (validation == best.Validation && error < best.RelativeError);
        return new(step, elapsed, validation, error, isBest, accuracy, comparison?.Agreement)
        {
            IsOfFeatures = ofFeatures,
            Features = comparison?.Features,
            LayerErrors = errors,
        };
    }

    public void Dispose() => _classifier.Dispose();

    private Comparison Compare(float[] original, float[] reconstruction) =>
        Comparison.Of(_classifier.Graph, original, reconstruction).Over(_ranks);
}
