using Nern.Engine;
using Nern.Engine.Passes;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The predictor compiled: a pass over all kernels, or a run of them, without gradient, in tiles, and a pass forward and backward over a
/// batch
/// of them (paper, section 3.2). Parameters, predictions, and the gradients of both are float32 at either precision.
/// </summary>
internal sealed class PredictorPlan : IDisposable
{
    /// <summary>Rows of a tile: enough to feed the cores, few enough for activations to stay in the caches.</summary>
    private const int TileRows = 4096;

    /// <summary>The least rows of a tile, where there are as many: what a run costs beside its rows must not weigh.</summary>
    private const int LeastRows = 256;

    private readonly PredictorMemory _memory;
    private readonly PredictorForward _all;
    private readonly PredictorForward? _batch;
    private readonly Resources _owned = new();
    private readonly List<Step> _weightSteps = [], _backwardSteps = [];
    private readonly Memory? _outputGradient;

    /// <param name="engine">The engine.</param>
    /// <param name="design">The predictor and its kernels.</param>
    /// <param name="precision">Of what lies between the parameters and the predictions.</param>
    /// <param name="batch">Kernels a training step takes gradients of at most; 0 for none.</param>
    /// <param name="block">Kernels that are mostly predicted together, which tiles are to fit; 0 for all.</param>
    internal PredictorPlan(CpuEngine engine, PredictorDesign design, Precision precision, int batch = 0, int block = 0)
    {
        Shape = design.Shape;
        var coordinates = design.CreateCoordinates();
        var pooling = KernelPooling.Of(design.Layout, design.Reading);
        Kernels = coordinates.Count;
        _memory = new PredictorMemory(engine, Shape, design.Embedding, coordinates);
        var rows = block == 0 ? Kernels : Math.Clamp(block, Math.Min(LeastRows, Kernels), Kernels);
        var tiles = (rows + TileRows - 1) / TileRows;
        var tile = (rows + tiles - 1) / tiles;
        _all = new PredictorForward(_memory, coordinates, tile, precision.DataType(), pooling, keepHidden: false);
        if (batch == 0)
            return;
        _batch = new PredictorForward(_memory, coordinates, batch, precision.DataType(), pooling, keepHidden: true);
        _outputGradient = _owned.Own(new Memory(engine, _batch.Output.Descriptor));
        CompileBackward(coordinates, pooling, precision.DataType());
    }

    /// <summary>The predictor's shape.</summary>
    internal PredictorShape Shape { get; }

    /// <summary>All kernels.</summary>
    internal int Kernels { get; }

    /// <summary>The parameters; <see cref="ParametersChanged"/> is to be called after writing.</summary>
    internal Span<float> Parameters => _memory.Parameters;

    /// <summary>The gradient that <see cref="Backward"/> leaves.</summary>
    internal Span<float> Gradient => _memory.Gradient;

    /// <summary>The prediction of the last batch, [rows, outputs].</summary>
    internal ReadOnlySpan<float> Output => _batch!.Output.AsSpan<float>();

    /// <summary>
    /// The gradient of the loss with respect to the batch's prediction, [rows, outputs]; unused rows must be zero.
    /// <see cref="Backward"/> may overwrite it.
    /// </summary>
    internal Span<float> OutputGradient => _outputGradient!.AsSpan<float>();

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _memory.Steps, .. _all.Steps, .. _batch?.Steps ?? [], .. _weightSteps, .. _backwardSteps];

    /// <summary>Takes over changed parameters.</summary>
    internal void ParametersChanged()
    {
        _memory.ComputeTables();
        _all.LoadWeights();
        _batch?.LoadWeights();
        foreach (var step in _weightSteps)
            step.Run();
    }

    /// <summary>Predicts every kernel: [kernels, outputs].</summary>
    internal void PredictAll(Span<float> kernels) => Predict(0, Kernels, kernels);

    /// <summary>
    /// Predicts kernels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 into their rows.
    /// </summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="kernels">All kernels, [kernels, outputs].</param>
    internal void Predict(int first, int count, Span<float> kernels)
    {
        var outputs = Shape.Outputs;
        for (var end = first + count; first < end; first += _all.Capacity)
        {
            var rows = Math.Min(_all.Capacity, end - first);
            _all.Rows.SetRange(first, rows);
            _all.Run();
            _all.Output.AsSpan<float>()[..(rows * outputs)].CopyTo(kernels[(first * outputs)..]);
        }
    }

    /// <summary>Predicts the first <paramref name="count"/> of <paramref name="kernels"/>, row by row, into <see cref="Output"/>.</summary>
    internal void PredictBatch(int[] kernels, int count)
    {
        _batch!.Rows.SetChosen(kernels, count);
        _batch.Run();
    }

    /// <summary>From <see cref="OutputGradient"/> of the last batch to <see cref="Gradient"/>, which is overwritten.</summary>
    internal void Backward()
    {
        foreach (var step in _backwardSteps)
            step.Run();
        _memory.BackwardTables();
    }

    public void Dispose()
    {
        _owned.Dispose();
        _batch?.Dispose();
        _all.Dispose();
        _memory.Dispose();
    }

    private void CompileBackward(Coordinates coordinates, KernelPooling? pooling, DataType type)
    {
        var (batch, hidden) = (_batch!, Shape.Hidden);
        var gradient = _outputGradient!;
        if (pooling is not null)
            _backwardSteps.Add(new PoolingPass(pooling, gradient, batch.Largest, batch.Rows, back: true));
        _backwardSteps.Add(HiddenBackward(null, gradient, Shape.Depth - 1, Shape.Outputs));
        gradient = InType(type, gradient, _backwardSteps);
        // The gradient that passes a layer by.
        Memory? skipping = null;
        for (var layer = Shape.Depth - 1; layer > 0; layer--)
        {
            var activation = batch.Hidden[layer - 1];
            Product(
                _owned.Own(gradient.View(_memory.Engine, MemoryDescriptor.Transposed(type, Shape.RowsOf(layer), batch.Capacity))),
                activation, _memory.WeightGradient(layer));
            var previous = _owned.Own(new Memory(_memory.Engine, activation.Descriptor));
            var weight = InType(type, _memory.Weight(layer), _weightSteps);
            Product(gradient, weight, previous, Shape.Skip == SkipKind.Residual || layer == 1 ? skipping : null);
            gradient = previous;
            if (!Shape.IsPlain)
                gradient = BackThroughActivation(layer - 1, previous, ref skipping);
            // A plain predictor's slope shows in its activations, and is applied while the bias gradient is summed up.
            _backwardSteps.Add(HiddenBackward(Shape.IsPlain ? activation : null, gradient, layer - 1, hidden));
        }
        _backwardSteps.Add(type == DataType.BFloat16
            ? new ScatterPass<ushort, BFloat16Element>(coordinates, gradient, _memory.TableGradients, hidden, batch.Rows)
            : new ScatterPass<float, Float32Element>(coordinates, gradient, _memory.TableGradients, hidden, batch.Rows));
    }

    private Step HiddenBackward(Memory? hidden, Memory gradient, int layer, int width) => gradient.Descriptor.Type == DataType.BFloat16
        ? new HiddenBackwardPass<ushort, BFloat16Element>(hidden, gradient, _memory.BiasGradient(layer), width, _batch!.Rows)
        : new HiddenBackwardPass<float, Float32Element>(hidden, gradient, _memory.BiasGradient(layer), width, _batch!.Rows);

    private Memory InType(DataType type, Memory matrix, List<Step> steps) => ReorderedMatrix.Of(
        _memory.Engine, _owned, matrix, MemoryDescriptor.RowMajor(type, [.. matrix.Descriptor.Dimensions]), steps);

    /// <summary>From the gradient at a layer's activation to that before it; what was skipped gets the former as it is.</summary>
    private Memory BackThroughActivation(int layer, Memory gradient, ref Memory? skipping)
    {
        var skips = Shape.Skip != SkipKind.None && layer > 0;
        var result = skips ? _owned.Own(new Memory(_memory.Engine, gradient.Descriptor)) : gradient;
        _backwardSteps.Add(ActivationSteps.Backward(_memory.Engine, _owned, Shape.Activation, _batch!.Values[layer], gradient, result));
        // All layers skip the same first one, so what they skip it by is summed up.
        if (skips && Shape.Skip == SkipKind.Input && skipping is not null)
            _backwardSteps.Add(Pass.Sum("predictor skip backward", skipping, gradient, skipping));
        else if (skips)
            skipping = gradient;
        return result;
    }

    private void Product(Memory left, Memory right, Memory result, Memory? addend = null)
    {
        var (rows, inner, columns) = (left.Descriptor.Dimensions[0], left.Descriptor.Dimensions[1], right.Descriptor.Dimensions[1]);
        var primitive = _owned.Own(Primitives.MatMul(
            _memory.Engine, left.Descriptor, right.Descriptor, null, result.Descriptor, new PostOperations(addend?.Descriptor)));
        (Argument, Memory)[] arguments = [(Argument.Source, left), (Argument.Weights, right), (Argument.Destination, result)];
        var execution = _owned.Own(primitive.Bind(addend is null ? arguments : [.. arguments, (Argument.PostOpSource, addend)]));
        _backwardSteps.Add(new PrimitiveStep("predictor matmul backward", execution, 2.0 * rows * inner * columns));
    }
}
