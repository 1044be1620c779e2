using Nern.Evaluation;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Fitting;

/// <summary>What the original says to all that a fit is evaluated on, by the same arithmetic as its reconstructions.</summary>
/// <param name="Validation">Logits of the inputs set aside, [inputs, classes].</param>
/// <param name="Test">Its answers to the test images, where there are some.</param>
internal sealed record OriginalOutputs(float[] Validation, Classification? Test)
{
    /// <exception cref="NernException">The inputs are not what the network takes.</exception>
    internal static OriginalOutputs Of(CpuEngine engine, Network original, LayerSelection layers, FitInputs inputs)
    {
        if (inputs.Images is { } images)
            original.Graph.InputShape.Check(images.Channels, images.Height, images.Width);
        using var classifier = new Classifier(engine, original, layers.Of(original.Graph).Select(layer => layer.Name).ToHashSet());
        return new(
            classifier.Logits(inputs.Validation.Span),
            inputs is { Test: { } test, Normalization: { } normalization } ? classifier.Classify(test, normalization) : null);
    }
}
