using Nern.Engine;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The predictor's parameters and their gradient, each one vector, seen as matrices; the embedded coordinates; the three
/// tables that the first layer amounts to, T_axis = E_axis W1_axis^T, with the bias in the first; and the other weights as products take
/// them. To be made for one thread.
/// </summary>
internal sealed class PredictorMemory : IParallelWork, IDisposable
{
    /// <summary>Up to so many parameters and values of tables, one thread does it all sooner than several have met.</summary>
    private const int MostAlone = 1 << 19;

    private readonly Resources _owned = new();
    private readonly Memory _parameters, _gradient, _tableGradients;
    private readonly List<Step> _changeSteps = [], _tableBackwardSteps = [];
    private readonly List<(int Layer, bool Transposed, Memory Copy)> _weights = [];
    private List<Step> _running = [];
    private IReadOnlyList<StepClock> _clocks = [];
    private int _next;

    internal PredictorMemory(CpuEngine engine, PredictorShape shape, Embedding embedding, Coordinates coordinates)
    {
        Engine = engine;
        Shape = shape;
        var all = MemoryDescriptor.RowMajor(DataType.Float32, shape.ParameterCount);
        _parameters = _owned.Own(new Memory(engine, all));
        _gradient = _owned.Own(new Memory(engine, all));
        TableRows = [.. Enumerable.Range(0, Coordinates.Axes).Select(axis => coordinates.Values(axis).Length)];
        _tableGradients = _owned.Own(new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, TableRows.Sum() * shape.Hidden)));
        Tables = new Memory[Coordinates.Axes];
        for (var axis = 0; axis < Coordinates.Axes; axis++)
            AddTable(axis, embedding, coordinates.Values(axis));
    }

    internal CpuEngine Engine { get; }

    internal PredictorShape Shape { get; }

    /// <summary>All parameters, as <see cref="PredictorShape"/> lays them out.</summary>
    internal Span<float> Parameters => _parameters.AsSpan<float>();

    /// <summary>Their gradient.</summary>
    internal Span<float> Gradient => _gradient.AsSpan<float>();

    /// <summary>For each axis its distinct values.</summary>
    internal int[] TableRows { get; }

    /// <summary>For each axis [distinct values, hidden].</summary>
    internal Memory[] Tables { get; }

    /// <summary>Their gradients, one behind the other.</summary>
    internal Span<float> TableGradients => _tableGradients.AsSpan<float>();

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps => [.. _changeSteps, .. _tableBackwardSteps];

    /// <summary>Times the steps, with a clock a thread; none to end it.</summary>
    internal void Watch(IReadOnlyList<StepClock> clocks)
    {
        _clocks = clocks;
        foreach (var step in Steps)
            step.Clock = null;
    }

    /// <summary>Computes the tables and renews the weights from the parameters.</summary>
    internal void ParametersChanged() => Run(_changeSteps);

    /// <summary>Carries the tables' gradients into the first layer's weight gradient.</summary>
    internal void BackwardTables() => Run(_tableBackwardSteps);

    /// <summary>Runs steps until none is left.</summary>
    public void Execute(int part, int parts)
    {
        for (int step; (step = Interlocked.Increment(ref _next) - 1) < _running.Count;)
        {
            if (_clocks.Count > 0)
                _running[step].Clock = _clocks[part];
            _running[step].Run();
        }
    }

    /// <summary>A layer's weight as [outputs, inputs], or transposed, which is how the way forward takes it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="transposed">Whether it is [inputs, outputs].</param>
    /// <param name="wanted">The type and layout it is wanted in; who wants the same gets the same copy.</param>
    internal Memory Weight(int layer, bool transposed, MemoryDescriptor wanted)
    {
        var descriptor = transposed
            ? MemoryDescriptor.Transposed(DataType.Float32, Shape.ColumnsOf(layer), Shape.RowsOf(layer))
            : MemoryDescriptor.RowMajor(DataType.Float32, Shape.RowsOf(layer), Shape.ColumnsOf(layer));
        foreach (var (known, isTransposed, copy) in _weights)
            if (known == layer && isTransposed == transposed && copy.Descriptor.Equals(wanted))
                return copy;
        var result = ReorderedMatrix.Of(
            Engine, _owned, View(_parameters, descriptor, Shape.WeightOffset(layer)), wanted, _changeSteps);
        _weights.Add((layer, transposed, result));
        return result;
    }

    /// <summary>A layer's bias as a row.</summary>
    internal Memory Bias(int layer) =>
        View(_parameters, MemoryDescriptor.RowMajor(DataType.Float32, 1, Shape.RowsOf(layer)), Shape.BiasOffset(layer));

    public void Dispose() => _owned.Dispose();

    private void Run(List<Step> steps)
    {
        (_running, _next) = (steps, 0);
        if (Shape.ParameterCount + (long)_tableGradients.AsSpan<float>().Length > MostAlone)
        {
            ParallelRegion.Run(this);
            return;
        }
        using (ParallelRegion.Alone())
            Execute(0, 1);
    }

    private void AddTable(int axis, Embedding embedding, ReadOnlySpan<double> values)
    {
        var (hidden, size, count) = (Shape.Hidden, embedding.Size, values.Length);
        var embedded = _owned.Own(new Memory(Engine, MemoryDescriptor.RowMajor(DataType.Float32, count, size)));
        for (var i = 0; i < count; i++)
            embedding.Embed(axis, values[i], embedded.AsSpan<float>().Slice(i * size, size));
        Tables[axis] = _owned.Own(new Memory(Engine, MemoryDescriptor.RowMajor(DataType.Float32, count, hidden)));

        // The columns of the first weight that meet this axis, [hidden, size] out of [hidden, inputs], and their transpose.
        var offset = Shape.WeightOffset(0) + (axis * size);
        var transposed = View(_parameters, MemoryDescriptor.Strided(DataType.Float32, [size, hidden], [1, Shape.Inputs]), offset);
        var bias = axis == 0 ? Bias(0) : null;
        var forward = _owned.Own(Primitives.MatMul(
            Engine, embedded.Descriptor, transposed.Descriptor, bias?.Descriptor, Tables[axis].Descriptor));
        (Argument, Memory)[] arguments =
            [(Argument.Source, embedded), (Argument.Weights, transposed), (Argument.Destination, Tables[axis])];
        _changeSteps.Add(new PrimitiveStep(
            "predictor tables", _owned.Own(forward.Bind(bias is null ? arguments : [.. arguments, (Argument.Bias, bias)])),
            2.0 * count * size * hidden));

        var gradientColumns = View(_gradient, MemoryDescriptor.Strided(DataType.Float32, [hidden, size], [Shape.Inputs, 1]), offset);
        var tableGradient = View(
            _tableGradients, MemoryDescriptor.Transposed(DataType.Float32, hidden, count), TableRows.Take(axis).Sum() * hidden);
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
