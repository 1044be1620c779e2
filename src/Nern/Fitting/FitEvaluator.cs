using Nern.Evaluation;
using Nern.Forward;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Fitting;

/// <summary>
/// Evaluates a predictor as its file gives it, on inputs that training does not see.
/// </summary>
internal sealed class FitEvaluator : IDisposable
{
    private readonly PredictorDesign _design;
    private readonly Classifier _classifier;
    private readonly FitInputs _inputs;
    private readonly PredictedLayers _layers;
    private readonly OriginalOutputs _original;
    private readonly float[] _target, _predicted;

    internal FitEvaluator(
        CpuEngine engine, Network original, OriginalOutputs outputs, PredictorDesign design, float[] target, FitInputs inputs)
    {
        _original = outputs;
        _design = design;
        _inputs = inputs;
        _target = target;
        _predicted = new float[target.Length];
        _classifier = new Classifier(engine, original, design.Layout.Layers.Select(layer => layer.Name).ToHashSet());
        _layers = new PredictedLayers(design.Layout, _classifier.Layers);
    }

    internal FitEvaluation Evaluate(ReadOnlySpan<float> parameters, long step, TimeSpan elapsed, FitEvaluation? best)
    {
        var weights = ForwardPass.PredictAll(_design, parameters.ToArray());
        for (var l = 0; l < weights.Length; l++)
            _design.Layout.Write(weights[l], l, _predicted);
        _layers.Load(_predicted);
        _classifier.WeightsChanged();

        var logits = _original.Validation.Length / (_inputs.Validation.Length / _classifier.InputLength);
        var validation = Agreement.Of(_original.Validation, _classifier.Logits(_inputs.Validation.Span), logits).MeanDivergence;
        Accuracy? accuracy = null;
        Agreement? agreement = null;
        if (_original.Test is { } test)
        {
            var reconstruction = _classifier.Classify(_inputs.Test!, _inputs.Normalization!);
            accuracy = reconstruction.Accuracy;
            agreement = Agreement.Of(test.Logits, reconstruction.Logits, logits);
        }
        var errors = WeightError.OfLayers(_design.Layout, _target, _predicted);
        var error = WeightError.Sum(errors).Relative;
        var isBest = best is null || validation < best.Validation || !double.IsFinite(best.Validation)
            || (validation == best.Validation && error < best.RelativeError);
        return new(step, elapsed, validation, error, isBest, accuracy, agreement) { LayerErrors = errors };
    }

    public void Dispose() => _classifier.Dispose();
}
