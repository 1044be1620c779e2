using Nern.Engine;
using Nern.Engine.Passes;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The predictor's forward pass over a fixed number of rows, one row a kernel: [rows, hidden] -> … -> [rows, outputs],
/// the first layer from its tables. To be made for one thread.
/// </summary>
internal sealed class PredictorForward : IDisposable
{
    private readonly Resources _owned = new();
    private readonly List<Step> _steps = [];

    /// <param name="memory">Parameters and tables.</param>
    /// <param name="coordinates">Where the kernels lie.</param>
    /// <param name="capacity">Rows.</param>
    /// <param name="type">Type of hidden activations and weights; outputs are float32.</param>
    /// <param name="pooling">How kernels smaller than the output are pooled from it; null for none.</param>
    /// <param name="output">
    /// Where the output goes, with each layer's values and activations kept for a backward pass; null for a memory of its own without.
    /// </param>
    internal PredictorForward(
        PredictorMemory memory, Coordinates coordinates, int capacity, DataType type, KernelPooling? pooling, Memory? output = null)
    {
        var (engine, shape) = (memory.Engine, memory.Shape);
        Capacity = capacity;
        var keepHidden = output is not null;
        var hidden = MemoryDescriptor.RowMajor(type, capacity, shape.Hidden);
        Memory[] Allocate(int count) => [.. Enumerable.Range(0, count).Select(_ => _owned.Own(new Memory(engine, hidden)))];
        // Two can take turns, unless the first is needed to the end.
        Hidden = Allocate(keepHidden || shape.Skip == SkipKind.Input ? shape.Depth - 1 : Math.Min(2, shape.Depth - 1));
        Values = keepHidden && !shape.IsPlain ? Allocate(Hidden.Length) : Hidden;
        Output = output ?? _owned.Own(new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, capacity, shape.Outputs)));
        _steps.Add(type == DataType.BFloat16
            ? new GatherPass<ushort, BFloat16Element>(coordinates, memory.Tables, Values[0], shape.Hidden, Rows, shape.IsPlain)
            : new GatherPass<float, Float32Element>(coordinates, memory.Tables, Values[0], shape.Hidden, Rows, shape.IsPlain));
        if (!shape.IsPlain)
            _steps.Add(ActivationSteps.Forward(engine, _owned, shape.Activation, Values[0], null, Hidden[0]));
        // Where the values before an activation are not wanted, the product itself ends with it.
        var fused = shape.Skip != SkipKind.None || (keepHidden && !shape.IsPlain) ? null : shape.Activation.PostOperation();
        for (var layer = 1; layer < shape.Depth; layer++)
        {
            var last = layer == shape.Depth - 1;
            var source = Hidden[(layer - 1) % Hidden.Length];
            var destination = last ? Output : Values[layer % Values.Length];
            var bias = memory.Bias(layer);
            var primitive = _owned.Own(Primitives.MatMul(
                engine, source.Descriptor, MemoryDescriptor.Any(type, shape.ColumnsOf(layer), shape.RowsOf(layer)), bias.Descriptor,
                destination.Descriptor, last ? null : fused));
            var weights = memory.Weight(layer, transposed: true, primitive[Argument.Weights]);
            _steps.Add(new PrimitiveStep(
                "predictor matmul",
                _owned.Own(primitive.Bind(
                    (Argument.Source, source), (Argument.Weights, weights), (Argument.Bias, bias), (Argument.Destination, destination))),
                2.0 * capacity * shape.ColumnsOf(layer) * shape.RowsOf(layer)));
            if (fused is null && !last)
            {
                var skipped = shape.Skip switch { SkipKind.Residual => source, SkipKind.Input => Hidden[0], _ => null };
                _steps.Add(ActivationSteps.Forward(engine, _owned, shape.Activation, destination, skipped, Hidden[layer % Hidden.Length]));
            }
        }
        if (pooling is null)
            return;
        Largest = new int[capacity * shape.Outputs];
        _steps.Add(new PoolingPass(pooling, Output, Largest, Rows));
    }

    /// <summary>Rows a run takes at most.</summary>
    internal int Capacity { get; }

    /// <summary>The kernels of the rows; to be set before a run.</summary>
    internal KernelRows Rows { get; } = new();

    /// <summary>Activations of the layers: all of them, or two that take turns.</summary>
    internal Memory[] Hidden { get; }

    /// <summary>
    /// What the activations are made of, where they are kept; else, and of a plain predictor, the activations themselves.
    /// </summary>
    internal Memory[] Values { get; }

    /// <summary>[rows, outputs], float32; pooled, where that is asked for.</summary>
    internal Memory Output { get; }

    /// <summary>Where maxima that were pooled came from, [rows, outputs].</summary>
    internal int[] Largest { get; } = [];

    /// <summary>All steps, for profiles.</summary>
    internal IReadOnlyList<Step> Steps => _steps;

    /// <summary>Predicts the kernels of <see cref="Rows"/>.</summary>
    internal void Run()
    {
        foreach (var step in _steps)
            step.Run();
    }

    public void Dispose() => _owned.Dispose();
}
