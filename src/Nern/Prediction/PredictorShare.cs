using Nern.Engine;
using Nern.Engine.Passes;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// A share of a batch's rows, forward and backward, on whichever thread takes it: with primitives for one thread, and buffers and a
/// gradient of its own.
/// </summary>
internal sealed class PredictorShare : IDisposable
{
    private readonly PredictorMemory _memory;
    private readonly ShareGradients _gradients;
    private readonly int _index;
    private readonly PredictorForward _forward;
    private readonly Resources _owned = new();
    private readonly List<Step> _backwardSteps = [];
    private readonly Memory _output, _outputGradient;
    private StepClock? _clock;

    /// <param name="memory">Parameters and tables.</param>
    /// <param name="gradients">Where gradients go.</param>
    /// <param name="index">Which share.</param>
    /// <param name="coordinates">Where the kernels lie.</param>
    /// <param name="pooling">How kernels smaller than the output are pooled from it; null for none.</param>
    /// <param name="type">Type of what lies between the parameters and the predictions.</param>
    /// <param name="output">Where the share's predictions go, [rows, outputs].</param>
    /// <param name="outputGradient">Their gradient.</param>
    internal PredictorShare(
        PredictorMemory memory, ShareGradients gradients, int index, Coordinates coordinates, KernelPooling? pooling, DataType type,
        Memory output, Memory outputGradient)
    {
        (_memory, _gradients, _index, _output, _outputGradient) = (memory, gradients, index, output, outputGradient);
        _forward = new PredictorForward(memory, coordinates, output.Descriptor.Dimensions[0], type, pooling, output);
        CompileBackward(coordinates, pooling, type);
    }

    /// <summary>The kernels of the rows; to be set before a run.</summary>
    internal KernelRows Rows => _forward.Rows;

    /// <summary>Activations of the layers, [rows, hidden] each.</summary>
    internal IReadOnlyList<Memory> Hidden => _forward.Hidden;

    /// <summary>The loss that is taken between the two ways, where there is one.</summary>
    internal double Loss { get; private set; }

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _forward.Steps, .. _backwardSteps];

    /// <summary>Times the steps; null to end it.</summary>
    internal void Watch(StepClock? clock)
    {
        if (clock == _clock)
            return;
        _clock = clock;
        foreach (var step in Steps)
            step.Clock = clock;
    }

    /// <summary>Predicts the kernels of <see cref="Rows"/>.</summary>
    internal void Forward() => _forward.Run();

    /// <summary>Takes a loss and its gradient.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="kernels">The kernels of <see cref="Rows"/>.</param>
    internal void Take(IRowLoss loss, ReadOnlySpan<int> kernels)
    {
        _outputGradient.AsSpan<float>().Clear();
        Loss = loss.WriteGradient(kernels, _output.AsSpan<float>(), _outputGradient.AsSpan<float>());
        _clock?.Finish("losses");
    }

    /// <summary>From the gradient at the predictions, which it may overwrite, to the share's own.</summary>
    internal void Backward()
    {
        foreach (var step in _backwardSteps)
            step.Run();
    }

    public void Dispose()
    {
        _owned.Dispose();
        _forward.Dispose();
    }

    private void CompileBackward(Coordinates coordinates, KernelPooling? pooling, DataType type)
    {
        var shape = _memory.Shape;
        var gradient = _outputGradient;
        if (pooling is not null)
            _backwardSteps.Add(new PoolingPass(pooling, gradient, _forward.Largest, Rows, back: true));
        _backwardSteps.Add(HiddenBackward(null, gradient, shape.Depth - 1, shape.Outputs));
        gradient = ReorderedMatrix.Of(
            _memory.Engine, _owned, gradient, MemoryDescriptor.RowMajor(type, [.. gradient.Descriptor.Dimensions]), _backwardSteps);
        // The gradient that passes a layer by.
        Memory? skipping = null;
        for (var layer = shape.Depth - 1; layer > 0; layer--)
        {
            var activation = _forward.Hidden[layer - 1];
            var transposed = MemoryDescriptor.Transposed(type, shape.RowsOf(layer), _forward.Capacity);
            Product(
                _owned.Own(gradient.View(_memory.Engine, transposed)), activation.Descriptor, _ => activation,
                _gradients.Weight(_index, layer));
            var previous = _owned.Own(new Memory(_memory.Engine, activation.Descriptor));
            var weighted = layer;
            Product(
                gradient, MemoryDescriptor.Any(type, shape.RowsOf(layer), shape.ColumnsOf(layer)),
                wanted => _memory.Weight(weighted, transposed: false, wanted), previous,
                shape.Skip == SkipKind.Residual || layer == 1 ? skipping : null);
            gradient = previous;
            if (!shape.IsPlain)
                gradient = BackThroughActivation(layer - 1, previous, ref skipping);
            // A plain predictor's slope shows in its activations, and is applied while the bias gradient is summed up.
            _backwardSteps.Add(HiddenBackward(shape.IsPlain ? activation : null, gradient, layer - 1, shape.Hidden));
        }
        var tables = _gradients.Tables(_index);
        _backwardSteps.Add(type == DataType.BFloat16
            ? new ScatterPass<ushort, BFloat16Element>(coordinates, gradient, tables, shape.Hidden, Rows)
            : new ScatterPass<float, Float32Element>(coordinates, gradient, tables, shape.Hidden, Rows));
    }

    private Step HiddenBackward(Memory? hidden, Memory gradient, int layer, int width) => gradient.Descriptor.Type == DataType.BFloat16
        ? new HiddenBackwardPass<ushort, BFloat16Element>(hidden, gradient, _gradients.Bias(_index, layer), width, Rows)
        : new HiddenBackwardPass<float, Float32Element>(hidden, gradient, _gradients.Bias(_index, layer), width, Rows);

    /// <summary>From the gradient at a layer's activation to that before it; what was skipped gets the former as it is.</summary>
    private Memory BackThroughActivation(int layer, Memory gradient, ref Memory? skipping)
    {
        var shape = _memory.Shape;
        var skips = shape.Skip != SkipKind.None && layer > 0;
        var result = skips ? _owned.Own(new Memory(_memory.Engine, gradient.Descriptor)) : gradient;
        _backwardSteps.Add(ActivationSteps.Backward(_memory.Engine, _owned, shape.Activation, _forward.Values[layer], gradient, result));
        // All layers skip the same first one, so what they skip it by is summed up.
        if (skips && shape.Skip == SkipKind.Input && skipping is not null)
            _backwardSteps.Add(Pass.Sum("predictor skip backward", skipping, gradient, skipping));
        else if (skips)
            skipping = gradient;
        return result;
    }

    private void Product(
        Memory left, MemoryDescriptor right, Func<MemoryDescriptor, Memory> rightIn, Memory result, Memory? addend = null)
    {
        var (rows, inner, columns) = (left.Descriptor.Dimensions[0], left.Descriptor.Dimensions[1], right.Dimensions[1]);
        var primitive = _owned.Own(Primitives.MatMul(
            _memory.Engine, left.Descriptor, right, null, result.Descriptor, new PostOperations(addend?.Descriptor)));
        (Argument, Memory)[] arguments =
            [(Argument.Source, left), (Argument.Weights, rightIn(primitive[Argument.Weights])), (Argument.Destination, result)];
        var execution = _owned.Own(primitive.Bind(addend is null ? arguments : [.. arguments, (Argument.PostOpSource, addend)]));
        _backwardSteps.Add(new PrimitiveStep("predictor matmul backward", execution, 2.0 * rows * inner * columns));
    }
}

/// <summary>A loss that is a sum over rows, and so is taken share by share.</summary>
internal interface IRowLoss
{
    /// <summary>Writes the gradient at the predictions of some kernels; values that do not count are left as they are.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="predicted">Their predictions, [kernels, K x K].</param>
    /// <param name="gradient">Receives the gradient, [kernels, K x K]; zeros before.</param>
    /// <returns>The loss of these.</returns>
    double WriteGradient(ReadOnlySpan<int> kernels, ReadOnlySpan<float> predicted, Span<float> gradient);
}
