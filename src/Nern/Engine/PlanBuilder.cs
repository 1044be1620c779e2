using Nern.Engine.Passes;
using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>What is known while a network is compiled: where each value and gradient lies, and the steps so far.</summary>
internal sealed class PlanBuilder
{
    private readonly Memory?[] _values;
    private readonly List<Memory>[] _gradients;
    private readonly ReusedBuffers _buffers;
    private readonly int[] _readers;

    /// <param name="engine">The engine.</param>
    /// <param name="network">The network.</param>
    /// <param name="batch">Images a run takes.</param>
    /// <param name="type">The element type of activations.</param>
    /// <param name="backward">Whether there will be a backward pass.</param>
    internal PlanBuilder(CpuEngine engine, Network network, int batch, DataType type, bool backward)
    {
        Engine = engine;
        Network = network;
        Batch = batch;
        Type = type;
        _values = new Memory?[network.Graph.Nodes.Count];
        _gradients = [.. _values.Select(_ => new List<Memory>())];
        _buffers = new ReusedBuffers(engine, Owned);
        _readers = new int[_values.Length];
        HasBackward = backward;
    }

    internal CpuEngine Engine { get; }

    internal Network Network { get; }

    internal int Batch { get; }

    /// <summary>The element type of activations.</summary>
    internal DataType Type { get; }

    /// <summary>Whether there will be a backward pass: what it reads has to be kept.</summary>
    internal bool HasBackward { get; }

    /// <summary>Run once for each new set of weights.</summary>
    internal List<Step> WeightSteps { get; } = [];

    internal List<Step> ForwardSteps { get; } = [];

    internal List<Step> BackwardSteps { get; } = [];

    /// <summary>Native objects to be freed with the plan.</summary>
    internal Resources Owned { get; } = new();

    /// <summary>Values that weights to be learnt feed into.</summary>
    internal HashSet<int> NeedsGradient { get; } = [];

    /// <summary>The parameters that are trained; null where none but convolutions' weights ever change.</summary>
    internal NetworkParameters? Parameters { get; init; }

    /// <summary>The images as they are handed in: float32, NCHW.</summary>
    internal required Memory Images { get; init; }

    internal T Own<T>(T resource) where T : IDisposable => Owned.Own(resource);

    internal Memory Allocate(MemoryDescriptor descriptor) => Own(new Memory(Engine, descriptor));

    /// <summary>Memory for a parameter: its own where it is trained.</summary>
    internal Memory Parameter(string name, MemoryDescriptor descriptor) => Parameters?.Value(name, descriptor) ?? Allocate(descriptor);

    /// <summary>Where the gradient of a parameter goes that is trained, else null.</summary>
    internal Memory? ParameterGradient(string name, MemoryDescriptor descriptor) => Parameters?.Gradient(name, descriptor);

    /// <summary>[batch, channels, height, width] of a node's value.</summary>
    internal int[] Dimensions(int node)
    {
        var shape = Network.Graph.ShapeOf(node);
        return [Batch, shape.Channels, shape.Height, shape.Width];
    }

    /// <summary>Where a node's value lies. Images that no convolution has put into its layout are plain.</summary>
    internal Memory Value(int node) => _values[node] ??= node == 0
        ? Reordered(Images, MemoryDescriptor.RowMajor(Type, Dimensions(0)), ForwardSteps)
        : throw new InvalidOperationException($"Value {node} is not there yet.");

    /// <summary>Says that a value has one reader more; it is kept for good if no <see cref="DoneReading"/> answers to that.</summary>
    internal void Keep(int node) => _readers[node]++;

    /// <summary>One of the readers is done; after the last the value's memory may hold another.</summary>
    internal void DoneReading(int node)
    {
        if (--_readers[node] == 0 && _values[node] is { } value)
            _buffers.Release(value);
    }

    /// <summary>Memory for a value that is made of another element by element: the other's own, if nothing reads that later.</summary>
    internal Memory RentInPlace(int node)
    {
        var value = Value(node);
        if (_readers[node] > 1 || !_buffers.IsExclusive(value))
            return Rent(value.Descriptor);
        _buffers.Retain(value);
        return value;
    }

    /// <summary>Memory for a value or a gradient, until the last that reads it is done.</summary>
    internal Memory Rent(MemoryDescriptor descriptor) => _buffers.Rent(descriptor);

    internal bool HasValue(int node) => _values[node] is not null;

    internal void SetValue(int node, Memory memory) => _values[node] = memory;

    /// <summary>A step that runs a primitive.</summary>
    internal PrimitiveStep Step(string kind, Primitive primitive, double flops, params ReadOnlySpan<(Argument, Memory)> arguments) =>
        new(kind, Own(primitive.Bind(arguments)), flops);

    /// <summary><paramref name="memory"/> itself if it already is as wanted; else a copy made by a reorder step.</summary>
    internal Memory Reordered(Memory memory, MemoryDescriptor wanted, List<Step> steps)
    {
        if (memory.Descriptor.Equals(wanted))
            return memory;
        var copy = Allocate(wanted);
        steps.Add(Reorder(memory, copy));
        return copy;
    }

    internal Step Reorder(Memory from, Memory to) =>
        Step("reorder", Own(Primitives.Reorder(Engine, from.Descriptor, to.Descriptor)), 0, (Argument.Source, from),
            (Argument.Destination, to));

    /// <summary>Says that <paramref name="gradient"/> is one of the terms of the gradient of a value.</summary>
    internal void Contribute(int node, Memory gradient, bool shared = false)
    {
        if (shared)
            _buffers.Retain(gradient);
        _gradients[node].Add(gradient);
    }

    internal bool HasGradient(int node) => _gradients[node].Count > 0;

    /// <summary>Done with reading a gradient.</summary>
    internal void Release(Memory gradient) => _buffers.Release(gradient);

    internal bool IsExclusive(Memory gradient) => _buffers.IsExclusive(gradient);

    /// <summary>
    /// The terms of a value's gradient, at most <paramref name="most"/> of them (others are summed first), all in the
    /// value's own layout. The caller releases them.
    /// </summary>
    internal IReadOnlyList<Memory> TakeGradients(int node, int most = 1)
    {
        var layout = Value(node).Descriptor;
        var terms = _gradients[node].Select(term => InLayout(term, layout)).ToList();
        _gradients[node].Clear();
        while (terms.Count > most)
        {
            var (first, second) = (terms[^2], terms[^1]);
            var sum = IsExclusive(first) ? first : Rent(layout);
            BackwardSteps.Add(Pass.Sum("gradient sum", first, second, sum));
            Release(second);
            if (sum != first)
                Release(first);
            terms.RemoveRange(terms.Count - 2, 2);
            terms.Add(sum);
        }
        return terms;
    }

    private Memory InLayout(Memory term, MemoryDescriptor layout)
    {
        if (term.Descriptor.Equals(layout))
            return term;
        var copy = Rent(layout);
        BackwardSteps.Add(Reorder(term, copy));
        Release(term);
        return copy;
    }
}
