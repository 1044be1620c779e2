using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Tests.Engine;

public sealed class ElementPlacesTests : IDisposable
{
    private readonly CpuEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Row_major_elements_are_where_they_are()
    {
        var plain = MemoryDescriptor.RowMajor(DataType.Float32, 3, 5);
        Assert.Equal(Enumerable.Range(0, 15), ElementPlaces.Of(_engine, plain, plain));
    }

    [Fact]
    public void More_elements_than_float32_can_count_are_found()
    {
        var plain = MemoryDescriptor.RowMajor(DataType.Float32, (1 << 12) + 1, 1 << 12);
        var places = ElementPlaces.Of(_engine, plain, plain);
        Assert.Equal(((1 << 12) + 1) << 12, places.Length);
        Assert.True(places.AsSpan().SequenceEqual(Enumerable.Range(0, places.Length).ToArray()));
    }

    [Fact]
    public void Transposed_elements_are_found()
    {
        var places = ElementPlaces.Of(
            _engine, MemoryDescriptor.RowMajor(DataType.Float32, 130, 70), MemoryDescriptor.Transposed(DataType.Float32, 130, 70));
        for (var row = 0; row < 130; row++)
            for (var column = 0; column < 70; column++)
                Assert.Equal((column * 130) + row, places[(row * 70) + column]);
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(7, 3)]
    [InlineData(40, 24)]
    public void Elements_of_the_order_a_convolution_chooses_are_found_past_its_padding(int filters, int channels)
    {
        using var forward = Primitives.ConvolutionForward(
            _engine, MemoryDescriptor.Any(DataType.Float32, 2, channels, 8, 8),
            MemoryDescriptor.Any(DataType.Float32, filters, channels, 3, 3),
            null, MemoryDescriptor.Any(DataType.Float32, 2, filters, 8, 8), Window.Square(1, 1));
        var plain = MemoryDescriptor.RowMajor(DataType.Float32, filters, channels, 3, 3);
        var order = forward[Argument.Weights];
        using var weights = new Memory(_engine, plain);
        using var placed = new Memory(_engine, order);
        var generator = new Generator(1);
        foreach (ref var weight in weights.AsSpan<float>())
            weight = (float)generator.NextNormal();
        using var reorder = Primitives.Reorder(_engine, plain, order);
        using var execution = reorder.Bind((Argument.Source, weights), (Argument.Destination, placed));
        execution.Run();

        var places = ElementPlaces.Of(_engine, plain, order);

        Assert.Equal(weights.AsSpan<float>().ToArray(), places.Select(place => placed.AsSpan<float>()[place]));
    }
}
