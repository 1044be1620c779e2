using Nern.Engine;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The predictor's parameters and their gradient, each one vector, seen as matrices; the embedded coordinates; and the three
/// tables that the first layer amounts to: T_axis = E_axis W1_axis^T, with the bias in the first.
/// </summary>
internal sealed class PredictorMemory : IDisposable
{
    private readonly Resources _owned = new();
    private readonly Memory _parameters, _gradient;
    private readonly List<Step> _tableSteps = [], _tableBackwardSteps = [];

    internal PredictorMemory(CpuEngine engine, PredictorShape shape, Embedding embedding, Coordinates coordinates)
    {
        Engine = engine;
        Shape = shape;
        var all = MemoryDescriptor.RowMajor(DataType.Float32, shape.ParameterCount);
        _parameters = _owned.Own(new Memory(engine, all));
        _gradient = _owned.Own(new Memory(engine, all));
        Tables = new Memory[Coordinates.Axes];
        TableGradients = new Memory[Coordinates.Axes];
        for (var axis = 0; axis < Coordinates.Axes; axis++)
            AddTable(axis, embedding, coordinates.Values(axis));
    }

    internal CpuEngine Engine { get; }

    internal PredictorShape Shape { get; }

    /// <summary>All parameters, as <see cref="PredictorShape"/> lays them out.</summary>
    internal Span<float> Parameters => _parameters.AsSpan<float>();

    /// <summary>Their gradient.</summary>
    internal Span<float> Gradient => _gradient.AsSpan<float>();

    /// <summary>For each axis [distinct values, hidden].</summary>
    internal Memory[] Tables { get; }

    /// <summary>Their gradients.</summary>
    internal Memory[] TableGradients { get; }

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _tableSteps, .. _tableBackwardSteps];

    /// <summary>Computes the tables from the parameters.</summary>
    internal void ComputeTables()
    {
        foreach (var step in _tableSteps)
            step.Run();
    }

    /// <summary>Carries the tables' gradients into the first layer's weight gradient.</summary>
    internal void BackwardTables()
    {
        foreach (var step in _tableBackwardSteps)
            step.Run();
    }

    /// <summary>A layer's weight as [inputs, outputs], which is how a product takes it.</summary>
    internal Memory TransposedWeight(int layer) =>
        View(_parameters, MemoryDescriptor.Transposed(DataType.Float32, Shape.ColumnsOf(layer), Shape.RowsOf(layer)),
            Shape.WeightOffset(layer));

    /// <summary>A layer's weight as [outputs, inputs].</summary>
    internal Memory Weight(int layer) => View(_parameters, WeightDescriptor(layer), Shape.WeightOffset(layer));

    /// <summary>The gradient of a layer's weight, [outputs, inputs].</summary>
    internal Memory WeightGradient(int layer) => View(_gradient, WeightDescriptor(layer), Shape.WeightOffset(layer));

    /// <summary>A layer's bias as a row.</summary>
    internal Memory Bias(int layer) => View(_parameters, BiasDescriptor(layer), Shape.BiasOffset(layer));

    /// <summary>The gradient of a layer's bias, a row.</summary>
    internal Memory BiasGradient(int layer) => View(_gradient, BiasDescriptor(layer), Shape.BiasOffset(layer));

    public void Dispose() => _owned.Dispose();

    private MemoryDescriptor WeightDescriptor(int layer) =>
        MemoryDescriptor.RowMajor(DataType.Float32, Shape.RowsOf(layer), Shape.ColumnsOf(layer));

    private MemoryDescriptor BiasDescriptor(int layer) => MemoryDescriptor.RowMajor(DataType.Float32, 1, Shape.RowsOf(layer));

    private void AddTable(int axis, Embedding embedding, ReadOnlySpan<double> values)
    {
        var (hidden, size, count) = (Shape.Hidden, embedding.Size, values.Length);
        var embedded = _owned.Own(new Memory(Engine, MemoryDescriptor.RowMajor(DataType.Float32, count, size)));
        for (var i = 0; i < count; i++)
            embedding.Embed(axis, values[i], embedded.AsSpan<float>().Slice(i * size, size));
        Tables[axis] = _owned.Own(new Memory(Engine, MemoryDescriptor.RowMajor(DataType.Float32, count, hidden)));
        TableGradients[axis] = _owned.Own(new Memory(Engine, MemoryDescriptor.RowMajor(DataType.Float32, count, hidden)));

        // The columns of the first weight that meet this axis, [hidden, size] out of [hidden, inputs], and their transpose.
        var offset = Shape.WeightOffset(0) + (axis * size);
        var transposed = View(_parameters, MemoryDescriptor.Strided(DataType.Float32, [size, hidden], [1, Shape.Inputs]), offset);
        var bias = axis == 0 ? Bias(0) : null;
        var forward = _owned.Own(Primitives.MatMul(
            Engine, embedded.Descriptor, transposed.Descriptor, bias?.Descriptor, Tables[axis].Descriptor));
        (Argument, Memory)[] arguments =
            [(Argument.Source, embedded), (Argument.Weights, transposed), (Argument.Destination, Tables[axis])];
        _tableSteps.Add(new PrimitiveStep(
            "predictor tables", _owned.Own(forward.Bind(bias is null ? arguments : [.. arguments, (Argument.Bias, bias)])),
            2.0 * count * size * hidden));

        var gradientColumns = View(_gradient, MemoryDescriptor.Strided(DataType.Float32, [hidden, size], [Shape.Inputs, 1]), offset);
        var tableGradient = _owned.Own(TableGradients[axis].View(Engine, MemoryDescriptor.Transposed(DataType.Float32, hidden, count)));
        var backward = _owned.Own(Primitives.MatMul(
            Engine, tableGradient.Descriptor, embedded.Descriptor, null, gradientColumns.Descriptor));
        _tableBackwardSteps.Add(new PrimitiveStep(
            "predictor tables backward",
            _owned.Own(backward.Bind((Argument.Source, tableGradient), (Argument.Weights, embedded),
                (Argument.Destination, gradientColumns))),
            2.0 * count * size * hidden));
    }

    private Memory View(Memory memory, MemoryDescriptor descriptor, int offset) =>
        _owned.Own(memory.View(Engine, descriptor, (long)offset * sizeof(float)));
}
