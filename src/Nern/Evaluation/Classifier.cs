using Nern.Data;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Evaluation;

/// <summary>A network compiled to classify images, a fixed number at a time.</summary>
public sealed class Classifier : IDisposable
{
    private readonly NetworkPlan _plan;

    /// <summary>Compiles <paramref name="network"/>.</summary>
    /// <param name="engine">The engine; it must outlive the classifier.</param>
    /// <param name="network">The network.</param>
    /// <param name="precision">Of the activations.</param>
    /// <param name="batch">Images at a time.</param>
    /// <exception cref="NernException">The processor cannot do the precision.</exception>
    public Classifier(CpuEngine engine, Network network, Precision precision = Precision.Float32, int batch = DefaultBatch) =>
        _plan = NetworkPlan.Inference(engine, network, batch, engine.Check(precision));

    /// <summary>A classifier whose weights change: those of <paramref name="changing"/> convolutions.</summary>
    internal Classifier(CpuEngine engine, Network network, IReadOnlySet<string> changing) =>
        _plan = NetworkPlan.Inference(engine, network, DefaultBatch, Precision.Float32, changing);

    private const int DefaultBatch = 64;

    /// <summary>Values of one image.</summary>
    internal int InputLength => _plan.Graph.InputShape.Count;

    /// <summary>The architecture.</summary>
    internal Graph Graph => _plan.Graph;

    /// <summary>The convolutions that change; <see cref="WeightsChanged"/> is to be called after loading.</summary>
    internal IReadOnlyList<ConvolutionWeights> Layers => _plan.Layers;

    /// <summary>Takes over newly loaded weights.</summary>
    internal void WeightsChanged() => _plan.LoadWeights();

    /// <summary>The logits of all images that can be read: [images, logits].</summary>
    /// <exception cref="NernException">The images are not what the network takes, or none can be read.</exception>
    public float[] Logits(LabelledImages images, Normalization normalization) => Classify(images, normalization).Logits;

    /// <summary>Classifies all images that can be read.</summary>
    /// <exception cref="NernException">The images are not what the network takes, or none can be read.</exception>
    public Classification Classify(LabelledImages images, Normalization normalization)
    {
        var classification = Classify(images, normalization, (0, images.Count));
        return classification.Labels.Length == 0 && images.Count > 0 ? throw images.NoneReadable() : classification;
    }

    /// <summary>Classifies those that can be read of a range of images, if any.</summary>
    /// <exception cref="NernException">The images are not what the network takes.</exception>
    internal Classification Classify(LabelledImages images, Normalization normalization, (int First, int End) range)
    {
        _plan.Graph.InputShape.Check(images.Channels, images.Height, images.Width);
        if (images.Classes > _plan.Graph.Classes && !_plan.Graph.EndsInFeatures)
            throw new NernException($"The network tells {_plan.Graph.Classes} classes apart; the images have {images.Classes}.");
        normalization.CheckChannels(images.Channels);
        var width = _plan.Graph.Logits;
        var most = range.End - range.First;
        var logits = new float[checked(most * width)];
        var labels = new int[most];
        var batch = new LabelledBatch(images, normalization, _plan);
        var read = 0;
        for (var first = range.First; first < range.End; first += _plan.Batch)
        {
            var count = batch.Load(first, range.End, labels.AsSpan(read));
            _plan.Forward();
            _plan.Logits[..(count * width)].CopyTo(logits.AsSpan(read * width));
            read += count;
        }
        return read == most ? new(logits, labels) : new(logits[..(read * width)], labels[..read]);
    }

    /// <summary>The logits of images that are already normalised: [images, logits].</summary>
    internal float[] Logits(ReadOnlySpan<float> images)
    {
        var (length, width) = (_plan.Graph.InputShape.Count, _plan.Graph.Logits);
        var logits = new float[images.Length / length * width];
        for (var first = 0; first * length < images.Length; first += _plan.Batch)
        {
            var count = Math.Min(_plan.Batch, (images.Length / length) - first);
            images.Slice(first * length, count * length).CopyTo(_plan.Images);
            _plan.Forward();
            _plan.Logits[..(count * width)].CopyTo(logits.AsSpan(first * width));
        }
        return logits;
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}
