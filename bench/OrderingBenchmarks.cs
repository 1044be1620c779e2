using BenchmarkDotNet.Attributes;
using Nern.Orderings;
using Nern.Paths;

namespace Nern.Bench;

/// <summary>The orderings of one layer of random 3x3 kernels.</summary>
public class OrderingBenchmarks
{
    private OrderingInput _layer = null!;

    /// <summary>Filters, and as many channels.</summary>
    [Params(64, 128)]
    public int Filters { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var generator = new Generator(1);
        var weights = new float[Filters * Filters * 9];
        foreach (ref var weight in weights.AsSpan())
            weight = (float)generator.NextNormal();
        _layer = new OrderingInput(weights, Filters, Filters, 9);
    }

    [Benchmark]
    public Ordering InFilter() => OrderingBuilder.Build(OrderingKind.InFilter, _layer);

    [Benchmark]
    public Ordering CrossFilter() => OrderingBuilder.Build(OrderingKind.CrossFilter, _layer);
}
