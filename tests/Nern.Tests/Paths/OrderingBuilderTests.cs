using Nern.Orderings;
using Nern.Paths;

namespace Nern.Tests.Paths;

public sealed class OrderingBuilderTests
{
    public static TheoryData<string, int, int, int> Layers => new()
    {
        { "normal", 1, 1, 9 },
        { "normal", 2, 3, 9 },
        { "normal", 40, 50, 9 },
        { "normal", 30, 31, 25 },
        { "normal", 9, 7, 49 },
        { "normal", 20, 30, 3 },
        { "normal", 20, 30, 2 },
        { "clusters", 40, 50, 9 },
        { "tight clusters", 30, 40, 9 },
        { "duplicates", 40, 40, 9 },
        { "all equal", 20, 20, 9 },
        { "zeros", 30, 30, 9 },
        { "all zero", 10, 12, 9 },
        { "opposites", 20, 25, 9 },
        { "tiny", 20, 25, 9 },
        { "normal", 30, 30, 1 },
        { "duplicates", 30, 30, 1 },
        { "zeros", 30, 30, 1 },
        { "all equal", 11, 12, 1 },
        { "huge", 10, 10, 1 },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Cross_filter_is_the_greedy_path_as_defined(string data, int filters, int channels, int size)
    {
        var weights = Weights(data, filters * channels, size);

        var ordering = OrderingBuilder.Build(OrderingKind.CrossFilter, new OrderingInput(weights, filters, channels, size));

        Assert.Equal(size == 1 ? NaivePath.ByDistance(weights, 1) : NaivePath.ByCosine(weights, size), ordering.KernelAt.ToArray());
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void In_filter_is_a_path_in_each_filter_and_a_path_through_the_permuted_filters(string data, int filters, int channels, int size)
    {
        var weights = Weights(data, filters * channels, size);
        var filterSize = channels * size;

        var ordering = OrderingBuilder.Build(OrderingKind.InFilter, new OrderingInput(weights, filters, channels, size));

        var permuted = new List<float>();
        for (var f = 0; f < filters; f++)
        {
            var filter = weights.AsSpan(f * filterSize, filterSize);
            var path = size == 1 ? NaivePath.ByDistance(filter, 1) : NaivePath.ByCosine(filter, size);
            Assert.Equal(path, ordering.ChannelPaths.Slice(f * channels, channels).ToArray());
            foreach (var channel in path)
                permuted.AddRange(filter.Slice(channel * size, size));
        }
        var filterPath = size == 1
            ? NaivePath.ByDistance([.. permuted], filterSize)
            : NaivePath.ByCosine([.. permuted], filterSize);
        Assert.Equal(filterPath, ordering.FilterPath.ToArray());
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Axes_are_a_path_through_whole_filters_and_one_through_whole_channels(string data, int filters, int channels, int size)
    {
        var weights = Weights(data, filters * channels, size);
        float[] turned =
        [
            .. Enumerable.Range(0, channels).SelectMany(
                c => Enumerable.Range(0, filters).SelectMany(f => weights.AsSpan(((f * channels) + c) * size, size).ToArray())),
        ];

        var ordering = OrderingBuilder.Build(OrderingKind.Axes, new OrderingInput(weights, filters, channels, size));

        Assert.Equal(Path(weights, channels * size), ordering.FilterPath.ToArray());
        Assert.Equal(Path(turned, filters * size), ordering.ChannelPaths.ToArray());

        int[] Path(float[] vectors, int length) => size == 1 ? NaivePath.ByDistance(vectors, length) : NaivePath.ByCosine(vectors, length);
    }

    [Theory]
    [InlineData(OrderingKind.None)]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.Axes)]
    [InlineData(OrderingKind.CrossFilter)]
    public void Every_kernel_stands_at_one_position(OrderingKind kind)
    {
        var ordering = OrderingBuilder.Build(kind, new OrderingInput(Weights("clusters", 64 * 48, 9), 64, 48, 9));

        Assert.Equal((kind, 64, 48), (ordering.Kind, ordering.Filters, ordering.Channels));
        Assert.Equal(Enumerable.Range(0, 64 * 48), ordering.KernelAt.ToArray().Order());
    }

    [Fact]
    public void BuildAll_gives_each_layer_the_order_it_gets_alone()
    {
        OrderingInput[] layers =
        [
            new(Weights("normal", 8 * 3, 9), 8, 3, 9),
            new(Weights("clusters", 32 * 64, 9), 32, 64, 9),
            new(Weights("normal", 16 * 16, 1), 16, 16, 1),
            new(Weights("zeros", 16 * 32, 9), 16, 32, 9),
        ];
        foreach (var kind in Enum.GetValues<OrderingKind>())
        {
            var together = OrderingBuilder.BuildAll(kind, layers);
            for (var i = 0; i < layers.Length; i++)
                Assert.Equal(OrderingBuilder.Build(kind, layers[i]).KernelAt, together[i].KernelAt);
        }
    }

    [Theory]
    [InlineData(OrderingKind.InFilter)]
    [InlineData(OrderingKind.CrossFilter)]
    public void Progress_rises_to_one(OrderingKind kind)
    {
        OrderingInput[] layers = [new(Weights("normal", 80 * 64, 9), 80, 64, 9), new(Weights("normal", 60, 1), 5, 12, 1)];
        var heard = new List<double>();

        OrderingBuilder.BuildAll(kind, layers, new Listener(heard.Add));

        Assert.Equal(heard.Order(), heard);
        Assert.True(heard.Count > 2);
        Assert.Equal(1, heard[^1]);
    }

    [Fact]
    public void The_work_can_be_ended_early()
    {
        var layer = new OrderingInput(Weights("normal", 16, 9), 4, 4, 9);

        Assert.Throws<OperationCanceledException>(
            () => OrderingBuilder.Build(OrderingKind.CrossFilter, layer, cancellation: new CancellationToken(canceled: true)));

        using var source = new CancellationTokenSource();
        var heard = new List<double>();
        var listener = new Listener(part =>
        {
            heard.Add(part);
            source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => OrderingBuilder.BuildAll(OrderingKind.InFilter, [layer, layer, layer], listener, source.Token));
        Assert.True(heard[^1] < 1);
    }

    [Fact]
    public void Weights_that_cannot_be_ordered_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new OrderingInput(new float[17], 2, 1, 9));
        Assert.Contains("weight 4", Assert.Throws<NernException>(
            () => new OrderingInput(new float[] { 0, 0, 0, 0, float.NaN, 0 }, 2, 3, 1)).Message);
    }

    internal static float[] Weights(string data, int kernels, int size)
    {
        var generator = new Generator((ulong)((kernels * 100) + size));
        var centres = new float[Math.Max(1, kernels / 40) * size];
        for (var i = 0; i < centres.Length; i++)
            centres[i] = (float)generator.NextNormal();
        var weights = new float[kernels * size];
        for (var k = 0; k < kernels; k++)
        {
            var centre = generator.NextInt32(centres.Length / size) * size;
            var zero = generator.NextInt32(3) == 0;
            for (var i = 0; i < size; i++)
            {
                var normal = (float)generator.NextNormal();
                weights[(k * size) + i] = data switch
                {
                    "normal" => normal,
                    "clusters" => centres[centre + i] + (0.1f * normal),
                    "tight clusters" => centres[centre + i] + (1e-4f * normal),
                    "duplicates" => centres[centre + i],
                    "all equal" => 1 + i,
                    "zeros" => zero ? 0 : normal,
                    "all zero" => 0,
                    "opposites" => k % 2 == 0 ? normal : -weights[((k - 1) * size) + i],
                    "tiny" => normal * 1e-30f,
                    "huge" => normal * 1e38f,
                    _ => throw new ArgumentOutOfRangeException(nameof(data), data, null),
                };
            }
        }
        return weights;
    }
}
