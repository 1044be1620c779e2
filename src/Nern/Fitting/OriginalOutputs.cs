using Nern.Evaluation;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Ranks;

namespace Nern.Fitting;

/// <summary>What the original says to all that a fit is evaluated on, by the same arithmetic as its reconstructions.</summary>
/// <param name="Validation">Logits or features of this rank's share of the inputs set aside, [inputs, classes].</param>
/// <param name="Test">Its answers to this rank's share of the test images, where there are some.</param>
/// <param name="Accuracy">Its accuracy on all of them; null of a network that ends in features.</param>
internal sealed record OriginalOutputs(float[] Validation, Classification? Test, Accuracy? Accuracy)
{
    /// <exception cref="NernException">The inputs are not what the network takes.</exception>
    internal static OriginalOutputs Of(CpuEngine engine, Network original, LayerSelection layers, FitInputs inputs, Communicator ranks)
    {
        if (inputs.Images is { } source)
            original.Graph.InputShape.Check(source.Channels, source.Height, source.Width);
        using var classifier = new Classifier(engine, original, layers.Of(original.Graph).Select(layer => layer.Name).ToHashSet());
        var validation = classifier.Logits(ValidationOf(inputs, classifier, ranks));
        if (inputs is not { Test: { } images, Normalization: { } normalization })
            return new(validation, null, null);
        var test = classifier.Classify(images, normalization, ranks.Share(images.Count));
        var accuracy = original.Graph.EndsInFeatures ? (Accuracy?)null : test.Accuracy.Over(ranks);
        return accuracy?.Count == 0 && images.Count > 0 ? throw images.NoneReadable() : new(validation, test, accuracy);
    }

    /// <summary>A rank's share of the inputs set aside.</summary>
    internal static ReadOnlySpan<float> ValidationOf(FitInputs inputs, Classifier classifier, Communicator ranks)
    {
        var length = classifier.InputLength;
        var (first, end) = ranks.Share(inputs.Validation.Length / length);
        return inputs.Validation.Span[(first * length)..(end * length)];
    }
}
