using Nern.OneDnn.Tests.References;

namespace Nern.OneDnn.Tests.Support;

/// <summary>
/// An engine, a random generator, and everything a test makes with them. Numbers go in and out as float64 in row-major order.
/// </summary>
internal sealed class Workbench(int seed = 0) : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Random _random = new(seed);

    internal CpuEngine Engine { get; } = new();

    internal T Own<T>(T resource) where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>Numbers in (-1, 1) that <paramref name="type"/> holds exactly.</summary>
    internal double[] Numbers(int count, DataType type)
    {
        Require(type);
        return BFloat16.Stored(Enumerable.Range(0, count).Select(_ => (_random.NextDouble() * 2) - 1), type);
    }

    /// <summary>Skips the test on a machine that has no kernels for <paramref name="type"/>.</summary>
    internal void Require(DataType type) =>
        Skip.If(
            type == DataType.BFloat16 && !Engine.SupportsBFloat16,
            "oneDNN has no right bfloat16 on this processor.");

    internal Volume NewVolume(DataType type, int samples, int channels, int height, int width) =>
        new(samples, channels, height, width, Numbers(samples * channels * height * width, type));

    /// <summary>One of <paramref name="choices"/>.</summary>
    internal int Pick(params int[] choices) => choices[_random.Next(choices.Length)];

    internal Memory Empty(MemoryDescriptor descriptor) => Own(new Memory(Engine, descriptor));

    /// <summary>A memory of <paramref name="descriptor"/> that holds <paramref name="values"/>.</summary>
    internal Memory Put(MemoryDescriptor descriptor, double[] values)
    {
        var plain = Empty(MemoryDescriptor.RowMajor(descriptor.Type, [.. descriptor.Dimensions]));
        Assert.Equal(values.Length, descriptor.Dimensions.Aggregate(1, (product, dimension) => product * dimension));
        for (var i = 0; i < values.Length; i++)
            if (descriptor.Type == DataType.BFloat16)
                plain.AsSpan<ushort>()[i] = BFloat16.Bits(values[i]);
            else
                plain.AsSpan<float>()[i] = (float)values[i];
        return Reordered(plain, descriptor);
    }

    /// <summary>The elements of <paramref name="memory"/> in row-major order.</summary>
    internal double[] Get(Memory memory)
    {
        var plain = Reordered(memory, MemoryDescriptor.RowMajor(memory.Descriptor.Type, [.. memory.Descriptor.Dimensions]));
        return memory.Descriptor.Type == DataType.BFloat16
            ? [.. plain.AsSpan<ushort>().ToArray().Select(BFloat16.Value)]
            : [.. plain.AsSpan<float>().ToArray().Select(value => (double)value)];
    }

    internal void Run(Primitive primitive, params (Argument, Memory)[] arguments)
    {
        using var execution = primitive.Bind(arguments);
        execution.Run();
    }

    public void Dispose()
    {
        foreach (var resource in _owned.AsEnumerable().Reverse())
            resource.Dispose();
        Engine.Dispose();
    }

    private Memory Reordered(Memory memory, MemoryDescriptor wanted)
    {
        if (memory.Descriptor.Equals(wanted))
            return memory;
        var result = Empty(wanted);
        Run(Own(Primitives.Reorder(Engine, memory.Descriptor, wanted)), (Argument.Source, memory), (Argument.Destination, result));
        return result;
    }
}
