using Nern.Engine;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Compression;

/// <summary>What the layers of a predictor see of the coordinates it is for: second moments of their inputs.</summary>
internal sealed class PredictorInputs : IDisposable
{
    private const int Batch = 4096, MostKernels = 1 << 15;

    private readonly PredictorDesign _design;
    private readonly PredictorPlan _plan;
    private readonly int[] _kernels;
    private readonly float[] _rows;
    private double[]? _embedded;

    /// <param name="engine">The engine; it must outlive this.</param>
    /// <param name="design">The predictor and its kernels, of which at most 32,768 are looked at, every so many of all.</param>
    internal PredictorInputs(CpuEngine engine, PredictorDesign design)
    {
        _design = design;
        var (all, count) = (design.Layout.Kernels, Math.Min(design.Layout.Kernels, MostKernels));
        _kernels = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))];
        var batch = Math.Min(Batch, count);
        _plan = new PredictorPlan(engine, design, Precision.Float32, batch);
        _rows = new float[batch * design.Shape.Hidden];
    }

    /// <summary>The mean of x xᵀ over a layer's inputs x, [columns, columns].</summary>
    /// <param name="parameters">The predictor's parameters, as they are to be in the layers before.</param>
    /// <param name="layer">The layer; 0 takes the embedded coordinates.</param>
    internal double[] Moments(ReadOnlySpan<float> parameters, int layer)
    {
        // No parameter stands before the first.
        if (layer == 0)
            return _embedded ??= Embedded();
        var columns = _design.Shape.ColumnsOf(layer);
        var moments = new SecondMoments(1, columns);
        parameters.CopyTo(_plan.Parameters);
        _plan.ParametersChanged();
        foreach (var batch in _kernels.Chunk(_rows.Length / columns))
        {
            _plan.PredictBatch(batch, batch.Length);
            _plan.ReadHidden(layer - 1, _rows);
            for (var row = 0; row < batch.Length; row++)
                moments.Add(_rows.AsSpan(row * columns, columns));
        }
        return moments.Mean()[0];
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private double[] Embedded()
    {
        var moments = new SecondMoments(1, _design.Shape.Inputs);
        var (coordinates, embedding) = (_design.CreateCoordinates(), _design.Embedding);
        var embedded = new float[Coordinates.Axes * embedding.Size];
        foreach (var kernel in _kernels)
        {
            for (var axis = 0; axis < Coordinates.Axes; axis++)
                embedding.Embed(
                    axis, coordinates.Values(axis)[coordinates.Indices(axis)[kernel]],
                    embedded.AsSpan(axis * embedding.Size, embedding.Size));
            moments.Add(embedded);
        }
        return moments.Mean()[0];
    }
}
