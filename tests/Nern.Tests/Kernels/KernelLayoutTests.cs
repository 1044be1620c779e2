using FsCheck;
using FsCheck.Fluent;
using Nern.Kernels;
using Nern.Objectives;
using Nern.Paths;

namespace Nern.Tests.Kernels;

public sealed class KernelLayoutTests
{
    private static readonly LearnableLayer[] Mixed =
        [new("a", 2, 2, 3, 3), new("b", 1, 3, 1, 1), new("c", 2, 1, 5, 5), new("d", 1, 2, 1, 3)];

    [Fact]
    public void Small_kernels_are_read_from_the_middle()
    {
        var layout = new KernelLayout(Mixed);

        Assert.Equal((5, 5, 25), (layout.Height, layout.Width, layout.RowSize));
        Assert.Equal([6, 7, 8, 11, 12, 13, 16, 17, 18], layout.Positions(0).ToArray());
        Assert.Equal([12], layout.Positions(1).ToArray());
        Assert.Equal(Enumerable.Range(0, 25), layout.Positions(2).ToArray());
        Assert.Equal([11, 12, 13], layout.Positions(3).ToArray());
    }

    [Fact]
    public void A_flat_kernel_stands_in_the_middle_row_of_a_square_one()
    {
        var layout = new KernelLayout([new("square", 1, 1, 3, 3), new("flat", 1, 1, 1, 3), new("tall", 1, 1, 3, 1)]);

        Assert.Equal([3, 4, 5], layout.Positions(1).ToArray());
        Assert.Equal([1, 4, 7], layout.Positions(2).ToArray());
    }

    [Fact]
    public void The_row_holds_the_highest_and_the_widest_kernel()
    {
        var layout = new KernelLayout([new("flat", 1, 1, 1, 3), new("tall", 1, 1, 5, 1)]);

        Assert.Equal((5, 3), (layout.Height, layout.Width));
        Assert.Equal([6, 7, 8], layout.Positions(0).ToArray());
        Assert.Equal([1, 4, 7, 10, 13], layout.Positions(1).ToArray());
    }

    [Fact]
    public void Kernels_and_weights_are_counted_layer_by_layer()
    {
        var layout = new KernelLayout(Mixed);

        Assert.Equal([0, 4, 7, 9], layout.Offsets);
        Assert.Equal((11, 36 + 3 + 50 + 6), (layout.Kernels, (int)layout.WeightCount));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3], Enumerable.Range(0, layout.Kernels).Select(layout.LayerOf));
    }

    [Fact]
    public void Blocks_hold_as_many_channels_of_a_filter_as_fit_one_behind_the_other()
    {
        var layout = new KernelLayout(
            [new("a", 2, 2, 3, 3), new("b", 2, 20, 1, 1), new("c", 1, 7, 1, 3), new("d", 1, 5, 2, 2), new("e", 3, 4, 1, 1)],
            KernelReading.Block);

        Assert.Equal(KernelReading.Block, layout.Reading);
        Assert.Equal([1, 9, 3, 2, 4], layout.ChannelsOfBlocks.ToArray());
        Assert.Equal([2, 3, 3, 3, 1], layout.Blocks.ToArray());
        Assert.Equal([4, 6, 3, 3, 3], layout.Counts.ToArray());
        Assert.Equal([0, 4, 10, 13, 16], layout.Offsets);
        Assert.Equal(19, layout.Kernels);
        // The last block of a filter: 2 of 20 channels, 1 of 7, 1 of 5.
        Assert.Equal(
            [9, 9, 9, 9, 9, 9, 2, 9, 9, 2, 9, 9, 3, 8, 8, 4, 4, 4, 4],
            Enumerable.Range(0, 19).Select(kernel => layout.PositionsOf(kernel).Length));
        Assert.Equal([0, 1, 2, 3], layout.PositionsOf(18).ToArray());
        Assert.Equal([0, 1], layout.PositionsOf(6).ToArray());
    }

    [Fact]
    public void Where_each_block_would_be_one_kernel_it_is_in_the_middle()
    {
        LearnableLayer[] layers = [new("a", 2, 3, 4, 4), new("b", 4, 1, 1, 1), new("c", 2, 2, 3, 3)];
        var (blocks, middle) = (new KernelLayout(layers, KernelReading.Block), new KernelLayout(layers));

        Assert.Equal((KernelReading.Middle, middle.Kernels), (blocks.Reading, blocks.Kernels));
        for (var kernel = 0; kernel < middle.Kernels; kernel++)
            Assert.Equal(middle.PositionsOf(kernel).ToArray(), blocks.PositionsOf(kernel).ToArray());
        // Beside others that share a row too.
        Assert.Equal([5], new KernelLayout([.. layers, new("d", 2, 2, 1, 1)], KernelReading.Block).PositionsOf(6).ToArray());
    }

    [Fact]
    public void Layers_of_any_shape_are_read_from_blocks_as_they_were_written() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Generator((ulong)seed);
            LearnableLayer[] layers = [.. Enumerable.Range(0, 1 + random.NextInt32(4)).Select(i => new LearnableLayer(
                $"{i}", 1 + random.NextInt32(4), 1 + random.NextInt32(30), 1 + random.NextInt32(5), 1 + random.NextInt32(5)))];
            var layout = new KernelLayout(layers, KernelReading.Block);
            var rows = new float[layout.Kernels * layout.RowSize];
            Array.Fill(rows, -7);
            var weights = layers.Select(layer => Numbers(layer.Kernels * layer.KernelSize, random)).ToArray();
            for (var l = 0; l < layers.Length; l++)
                layout.Write(weights[l], l, rows);

            Assert.Equal(rows.Length - layout.WeightCount, rows.Count(value => value == -7));
            Assert.Equal(layout.WeightCount, Enumerable.Range(0, layout.Kernels).Sum(kernel => layout.PositionsOf(kernel).Length));
            Assert.InRange(layout.Kernels, 1, layers.Sum(layer => layer.Kernels));
            var others = rows.Select(value => value == -7 ? 5 : value + 1).ToArray();
            for (var l = 0; l < layers.Length; l++)
            {
                var read = new float[weights[l].Length];
                layout.Read(rows, l, read);
                Assert.Equal(weights[l], read);
                Assert.Equal(weights[l].Length, layout.SquaredDistance(rows, others, l), weights[l].Length * 1e-5);
                var padded = layout.Padded(weights[l], l);
                Assert.Equal(layout.Counts[l] * layout.Positions(l).Length, padded.Length);
                Assert.Equal(weights[l], padded.Where(value => value != 0));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_with_an_order_of_their_own_are_read_from_where_they_were_written() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Generator((ulong)seed);
            LearnableLayer[] layers = [.. Enumerable.Range(0, 1 + random.NextInt32(4)).Select(i => new LearnableLayer(
                $"{i}", 1 + random.NextInt32(4), 1 + random.NextInt32(30), 1 + random.NextInt32(4), 1 + random.NextInt32(4)))];
            var plain = new KernelLayout(layers, (KernelReading)random.NextInt32(4), [.. layers.Select((_, l) => l - 1)]);
            var weights = layers.Select(layer => Numbers(layer.Kernels * layer.KernelSize, random)).ToArray();
            var layout = plain.With([.. weights.Select((values, l) => (ReadOnlyMemory<int>)SortedValues.OrderOf(plain, l, values))]);
            var rows = new float[layout.Kernels * layout.RowSize];
            for (var l = 0; l < layers.Length; l++)
                layout.Write(weights[l], l, rows);

            for (var l = 0; l < layers.Length; l++)
            {
                var read = new float[weights[l].Length];
                layout.Read(rows, l, read);
                Assert.Equal(weights[l], read);
                var size = layout.Positions(l).Length;
                var padded = layout.Padded(weights[l], l);
                for (var row = 0; row < layout.Counts[l]; row++)
                {
                    var (first, count) = layout.WeightsOf(l, row);
                    float[] sorted = [.. weights[l].AsSpan(first, count).ToArray().Order()];
                    Assert.Equal(sorted, padded.AsSpan(row * size, count).ToArray());
                    // The first values of a row, in the order of their positions, are the least.
                    var values = rows.AsSpan((layout.Offsets[l] + row) * layout.RowSize, layout.RowSize).ToArray();
                    Assert.Equal(sorted, plain.PositionsOf(l, row).ToArray().Select(position => values[position] * layout.Units[l]));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_order_of_values_that_is_none_is_refused()
    {
        LearnableLayer[] layers = [new("a", 1, 2, 2, 2), new("b", 1, 3, 1, 1)];
        Assert.Contains("2 layers have as many orders of values; got 1", Refused([0, 1, 2, 3, 0, 1, 2, 3]));
        Assert.Contains("'b' has 2 entries; expected 3", Refused([0, 1, 2, 3, 0, 1, 2, 3], [0, 1]));
        Assert.Contains("'a' names each of 0 to 3 of a row once; it does not in row 1", Refused([0, 1, 2, 3, 0, 1, 2, 2], [0, 1, 2]));
        Assert.Contains("'b' names each of 0 to 2 of a row once; it does not in row 0", Refused([0, 1, 2, 3, 3, 2, 1, 0], [0, 3, 2]));
        Assert.Contains("'b' names", Refused([0, 1, 2, 3, 3, 2, 1, 0], [0, -1, 2]));

        string Refused(params int[][] orders) => Assert.Throws<NernException>(() => new KernelLayout(
            layers, KernelReading.Block, valueOrders: [.. orders.Select(order => (ReadOnlyMemory<int>)order)])).Message;
    }

    [Fact]
    public void Weights_are_the_values_of_rows_times_the_unit_of_their_layer()
    {
        LearnableLayer[] layers = [new("a", 2, 3, 3, 3), new("b", 4, 11, 1, 1), new("c", 1, 1, 3, 3)];
        int[] exponents = [-7, 3, 0];
        var random = new Generator(3);
        foreach (var reading in Enum.GetValues<KernelReading>())
        {
            var (plain, layout) = (new KernelLayout(layers, reading), new KernelLayout(layers, reading, exponents));
            var rows = Numbers(layout.Kernels * layout.RowSize, random);
            var others = Numbers(rows.Length, random);
            for (var l = 0; l < layers.Length; l++)
            {
                var count = layers[l].Kernels * layers[l].KernelSize;
                var (values, weights, again, gradient) = (new float[count], new float[count], new float[count], rows.ToArray());
                plain.Read(rows, l, values);
                layout.Read(rows, l, weights);
                Assert.Equal(values.Select(value => MathF.ScaleB(value, exponents[l])), weights);
                layout.Write(weights, l, rows);
                plain.Read(rows, l, again);
                Assert.Equal(values, again);
                // A gradient at the weights is that at the values the other way.
                layout.WriteGradient(weights, l, gradient);
                plain.Read(gradient, l, again);
                Assert.Equal(values.Select(value => MathF.ScaleB(value, 2 * exponents[l])), again);
                Assert.Equal(
                    plain.SquaredDistance(rows, others, l) * Math.Pow(4, exponents[l]), layout.SquaredDistance(rows, others, l));
            }
        }
    }

    [Fact]
    public void What_is_predicted_of_a_filter_is_shifted_to_the_mean_that_is_known_of_it()
    {
        LearnableLayer[] layers = [new("a", 2, 3, 3, 3), new("b", 4, 11, 1, 1), new("c", 3, 1, 3, 3)];
        var random = new Generator(4);
        foreach (var reading in Enum.GetValues<KernelReading>())
        {
            var plain = new KernelLayout(layers, reading, [-7, 3, 0]);
            var layout = plain.WithMeans([.. layers.Select(layer => (ReadOnlyMemory<float>)Numbers(layer.Filters, random))]);
            var rows = Numbers(layout.Kernels * layout.RowSize, random);
            for (var l = 0; l < layers.Length; l++)
            {
                var size = layers[l].Channels * layers[l].KernelSize;
                float[] predicted = new float[layers[l].Filters * size], shifted = new float[predicted.Length], known = new float[predicted.Length];
                plain.ReadPredicted(rows, l, predicted);
                layout.Read(rows, l, known);
                Assert.Equal(known, predicted);
                layout.ReadPredicted(rows, l, shifted);
                for (var filter = 0; filter < layers[l].Filters; filter++)
                {
                    var (before, after) = (predicted[(filter * size)..][..size], shifted[(filter * size)..][..size]);
                    Assert.Equal(layout.Means![l].Span[filter], after.Average(), 1e-5);
                    Assert.All(before.Zip(after), pair => Assert.Equal(after.Average() - before.Average(), pair.Second - pair.First, 1e-4));
                }
            }
        }
    }

    [Fact]
    public void A_gradient_at_weights_whose_means_are_known_is_that_at_the_values_of_rows()
    {
        LearnableLayer[] layers = [new("a", 2, 3, 3, 3), new("b", 4, 11, 1, 1), new("c", 3, 1, 3, 3)];
        var random = new Generator(5);
        foreach (var reading in new[] { KernelReading.Middle, KernelReading.Block })
        {
            var layout = new KernelLayout(
                layers, reading, [-2, 3, 0], means: [.. layers.Select(layer => (ReadOnlyMemory<float>)Numbers(layer.Filters, random))]);
            for (var l = 0; l < layers.Length; l++)
            {
                // Of f(rows) = sum of factor x weight, which is linear, a difference along a direction is the derivative.
                var factors = Numbers(layers[l].Kernels * layers[l].KernelSize, random);
                var (rows, direction) = (Numbers(layout.Kernels * layout.RowSize, random), Numbers(layout.Kernels * layout.RowSize, random));
                var gradient = new float[rows.Length];
                layout.WriteGradient(factors.ToArray(), l, gradient);

                var expected = Value(factors, [.. rows.Zip(direction, (row, step) => row + step)], l) - Value(factors, rows, l);

                Assert.Equal(expected, gradient.Zip(direction, (slope, step) => (double)slope * step).Sum(), 1e-3);
            }

            double Value(float[] factors, float[] rows, int layer)
            {
                var weights = new float[factors.Length];
                layout.ReadPredicted(rows, layer, weights);
                return weights.Zip(factors, (weight, factor) => (double)weight * factor).Sum();
            }
        }
    }

    [Fact]
    public void Means_are_one_a_filter()
    {
        LearnableLayer[] layers = [new("a", 2, 3, 3, 3), new("b", 1, 1, 1, 1)];
        foreach (var counts in new int[][] { [], [2], [2, 2], [1, 1], [2, 1, 1] })
            Assert.Contains("mean", Assert.Throws<NernException>(
                () => new KernelLayout(layers, means: [.. counts.Select(count => (ReadOnlyMemory<float>)new float[count])])).Message);
    }

    [Fact]
    public void Units_are_one_a_layer_and_within_reach_of_float32()
    {
        foreach (var exponents in new int[][] { [], [1, 2], [61], [-61], [int.MinValue] })
            Assert.Contains("exponents", Assert.Throws<NernException>(
                () => new KernelLayout([new("a", 1, 1, 3, 3)], KernelReading.Middle, exponents)).Message);
    }

    [Fact]
    public void Read_returns_what_Write_wrote()
    {
        var layout = new KernelLayout(Mixed);
        var random = new Generator(1);
        var rows = new float[layout.Kernels * layout.RowSize];
        Array.Fill(rows, -7);
        var weights = Mixed.Select(layer => Numbers(layer.Kernels * layer.KernelSize, random)).ToArray();
        for (var l = 0; l < weights.Length; l++)
            layout.Write(weights[l], l, rows);

        for (var l = 0; l < weights.Length; l++)
        {
            var read = new float[weights[l].Length];
            layout.Read(rows, l, read);
            Assert.Equal(weights[l], read);
        }
        // What no kernel reads is left alone.
        Assert.Equal(rows.Length - layout.WeightCount, rows.Count(value => value == -7));
    }

    [Fact]
    public void SquaredDistance_compares_only_what_is_read()
    {
        var layout = new KernelLayout(Mixed);
        var random = new Generator(2);
        var (first, second) = (Numbers(layout.Kernels * layout.RowSize, random), Numbers(layout.Kernels * layout.RowSize, random));

        for (var l = 0; l < Mixed.Length; l++)
        {
            var expected = 0.0;
            for (var kernel = layout.Offsets[l]; kernel < layout.Offsets[l] + Mixed[l].Kernels; kernel++)
                foreach (var position in layout.Positions(l))
                    expected += Math.Pow((double)first[(kernel * 25) + position] - second[(kernel * 25) + position], 2);
            Assert.Equal(expected, layout.SquaredDistance(first, second, l), expected * 1e-6);
        }
    }

    [Fact]
    public void SquaredDistance_stays_exact_over_many_kernels()
    {
        var layout = new KernelLayout([new("a", 40, 50, 3, 3)]);
        var (first, second) = (new float[18000], new float[18000]);
        Array.Fill(first, 0.1f);

        Assert.Equal(18000 * 0.1 * 0.1, layout.SquaredDistance(first, second, 0), 180 * 1e-6);
        Assert.Equal(0, layout.SquaredDistance(first, first, 0));
    }

    [Fact]
    public void A_network_without_kernels_is_refused() =>
        Assert.Contains("no convolution", Assert.Throws<NernException>(() => new KernelLayout([])).Message);

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        Assert.Contains("'a'", Assert.Throws<NernException>(() => new KernelLayout([new("a", 1, 1, 3, 3), new("a", 2, 1, 3, 3)])).Message);
        Assert.Contains("100000x100000", Assert.Throws<NernException>(() => new KernelLayout([new("a", 1, 1, 100000, 100000)])).Message);
        Assert.Contains("kernels", Assert.Throws<NernException>(() => new KernelLayout([new("a", 1 << 17, 1 << 17, 1, 1)])).Message);
    }

    private static float[] Numbers(int count, Generator random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
}
