using Nern.Data;
using Nern.Engine;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Representation;

namespace Nern.Training;

/// <summary>
/// The original and its reconstruction side by side on the same images: their losses, and the gradient at the predicted
/// weights. A batch runs as micro-batches that fit the caches; without batch statistics their gradients simply add up.
/// </summary>
internal sealed class Distillation : IDisposable
{
    /// <summary>Images that are in flight at once.</summary>
    private const int LargestMicroBatch = 32;

    private readonly NetworkPlan _original, _reconstruction;
    private readonly FeatureMap[] _maps;
    private readonly ConvolutionWeights[] _layers;
    private readonly float[][] _weights;
    private readonly KernelLayout _layout;
    private readonly IImageSource _images;
    private readonly FitOptions _options;
    private readonly float[] _kernelGradient;

    internal Distillation(CpuEngine engine, Network network, KernelLayout layout, IImageSource images, FitOptions options)
    {
        var shape = network.Graph.InputShape;
        if ((images.Channels, images.Height, images.Width) != (shape.Channels, shape.Height, shape.Width))
            throw new NernException($"The network takes images of {shape}; these are {images.Channels}x{images.Height}x{images.Width}.");
        var microBatch = Enumerable.Range(1, Math.Min(LargestMicroBatch, options.Batch)).Last(size => options.Batch % size == 0);
        _original = NetworkPlan.Original(engine, network, microBatch, options.Precision);
        _reconstruction = NetworkPlan.Reconstruction(
            engine, network, _original, options.Precision, layout.Layers.Select(layer => layer.Name).ToHashSet());
        _layers = [.. layout.Layers.Select(layer => _reconstruction.Layers.Single(weights => weights.Name == layer.Name))];
        _weights = [.. layout.Layers.Select(layer => new float[layer.Kernels * layer.KernelSize])];
        _kernelGradient = new float[layout.RowSize];
        _layout = layout;
        _images = images;
        _options = options;
        // An array: going through a list behind an interface allocates.
        _maps = [.. _reconstruction.FeatureMaps];
        foreach (var map in _maps)
            map.Enabled = options.Fmd > 0;
    }

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _original.Steps, .. _reconstruction.Steps];

    /// <summary>Times the work between steps; null but while a profile is taken.</summary>
    internal StepClock? Clock { get; set; }

    /// <summary>One batch through both networks, with the reconstruction's weights as predicted.</summary>
    /// <param name="predicted">All kernels, [kernels, K x K].</param>
    /// <param name="generator">Where the images' randomness comes from.</param>
    /// <returns>Logit and feature-map loss, unweighted, as means over the batch.</returns>
    internal (double Kd, double Fmd) Run(ReadOnlySpan<float> predicted, Generator generator)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layout.Read(predicted, layer, _weights[layer]);
            _layers[layer].Load(_weights[layer]);
        }
        Clock?.Finish("weights to layers");
        _reconstruction.LoadWeights();
        _reconstruction.ClearGradients();
        var (kd, fmd) = (0.0, 0.0);
        for (var done = 0; done < _options.Batch; done += _original.Batch)
        {
            _images.Fill(_original.Images, _original.Batch, generator);
            Clock?.Finish("images");
            _original.Forward();
            _reconstruction.Forward();
            kd += LogitLoss.Apply(
                _original.Logits, _reconstruction.Logits, _reconstruction.LogitGradient, _original.Graph.Classes,
                _options.Kd / _options.Batch, _options.KdForm);
            if (_options.Fmd > 0)
                foreach (var map in _maps)
                    fmd += FeatureMapLoss.Apply(map, _options.Fmd / _options.Batch);
            Clock?.Finish("losses");
            _reconstruction.Backward();
        }
        _reconstruction.FinishGradients();
        return (kd / _options.Batch, fmd / _options.Batch);
    }

    /// <summary>Adds the last run's gradient at the first <paramref name="count"/> of <paramref name="kernels"/> to their rows.</summary>
    /// <param name="kernels">Kernels.</param>
    /// <param name="count">How many.</param>
    /// <param name="rows">[kernels, K x K].</param>
    internal void AddGradient(ReadOnlySpan<int> kernels, int count, Span<float> rows)
    {
        for (var row = 0; row < count; row++)
        {
            var layer = _layout.LayerOf(kernels[row]);
            var positions = _layout.Positions(layer);
            var gradient = _kernelGradient.AsSpan(0, positions.Length);
            _layers[layer].ReadGradient(kernels[row] - _layout.Offsets[layer], gradient);
            for (var i = 0; i < positions.Length; i++)
                rows[(row * _layout.RowSize) + positions[i]] += gradient[i];
        }
    }

    public void Dispose()
    {
        _reconstruction.Dispose();
        _original.Dispose();
    }
}
