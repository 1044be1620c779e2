using Nern.Networks;
using Nern.OneDnn;
using Nern.Tensors;

namespace Nern.Engine;

/// <summary>
/// The parameters of a network in training, one after another in one piece of memory, and their gradients in another alike; the
/// running statistics of its batch normalisations beside them.
/// </summary>
internal sealed class NetworkParameters : IDisposable
{
    private readonly CpuEngine _engine;
    private readonly Graph _graph;
    private readonly Memory _values, _gradients;
    private readonly Dictionary<string, int> _offsets = [];
    private readonly Resources _owned = new();

    /// <summary>Takes over the values of <paramref name="network"/>.</summary>
    internal NetworkParameters(CpuEngine engine, Network network)
    {
        _engine = engine;
        _graph = network.Graph;
        var (count, statistics) = (0, 0);
        foreach (var (name, shape) in _graph.Parameters)
        {
            ref var total = ref IsStatistic(name) ? ref statistics : ref count;
            _offsets.Add(name, total);
            total += LengthOf(shape);
        }
        _values = _owned.Own(new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, count)));
        _gradients = _owned.Own(new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, count)));
        Statistics = new float[statistics];
        foreach (var (name, shape) in _graph.Parameters)
            network.Values(name).CopyTo(Place(name, shape, Values, Statistics));
    }

    /// <summary>All parameters.</summary>
    internal Span<float> Values => _values.AsSpan<float>();

    /// <summary>All gradients, in the same layout.</summary>
    internal Span<float> Gradients => _gradients.AsSpan<float>();

    /// <summary>All running means and variances.</summary>
    internal float[] Statistics { get; }

    /// <summary>Shapes, lengths and places in <see cref="Values"/> of all parameters, in their order.</summary>
    internal IEnumerable<(int[] Shape, int Length, int Offset)> Tensors =>
        from parameter in _graph.Parameters
        where !IsStatistic(parameter.Name)
        select (parameter.Shape, LengthOf(parameter.Shape), _offsets[parameter.Name]);

    /// <summary>Where in <see cref="Values"/> a parameter begins, or in <see cref="Statistics"/> a running statistic.</summary>
    internal int OffsetOf(string name) => _offsets[name];

    /// <summary>A parameter's memory; null if there is none of this name.</summary>
    internal Memory? Value(string name, MemoryDescriptor descriptor) => View(_values, name, descriptor);

    /// <summary>The memory of a parameter's gradient; null if there is none of this name.</summary>
    internal Memory? Gradient(string name, MemoryDescriptor descriptor) => View(_gradients, name, descriptor);

    /// <summary>A network of values and statistics that lie as these do.</summary>
    internal Network ToNetwork(Span<float> values, Span<float> statistics)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (name, shape) in _graph.Parameters)
            tensors.Add(new(name, Tensor.From(shape, Place(name, shape, values, statistics).ToArray())));
        return new Network(_graph, tensors);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private Span<float> Place(string name, int[] shape, Span<float> values, Span<float> statistics) =>
        (IsStatistic(name) ? statistics : values).Slice(_offsets[name], LengthOf(shape));

    private Memory? View(Memory memory, string name, MemoryDescriptor descriptor) => _offsets.TryGetValue(name, out var offset)
        ? _owned.Own(memory.View(_engine, descriptor, (long)offset * sizeof(float)))
        : null;

    private static int LengthOf(int[] shape) => shape.Aggregate(1, (product, dimension) => checked(product * dimension));

    private static bool IsStatistic(string name) =>
        name.EndsWith(".running_mean", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal);
}
