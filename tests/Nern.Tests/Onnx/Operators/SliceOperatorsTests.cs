using Nern.Networks;
using Nern.Onnx;
using Nern.Onnx.Operators;

namespace Nern.Tests.Onnx.Operators;

public sealed class SliceOperatorsTests
{
    [Theory]
    [InlineData(8, 0, 8, 1, 0, 8, 1)]
    [InlineData(8, 1, -1, 1, 1, 6, 1)]
    [InlineData(8, -3, int.MaxValue, 1, 5, 3, 1)]
    [InlineData(8, 0, long.MaxValue, 3, 0, 3, 3)]
    [InlineData(8, 1, 8, 2, 1, 4, 2)]
    [InlineData(8, long.MinValue, long.MaxValue, 1, 0, 8, 1)]
    [InlineData(8, 7, 8, long.MaxValue, 7, 1, int.MaxValue)]
    public void A_part_is_that_of_ONNX(int length, long start, long end, long step, int first, int count, int expectedStep) =>
        Assert.Equal(new Extent(first, count, expectedStep), SliceOperators.Part(length, start, end, step));

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 3, 1)]
    [InlineData(8, 9, 1)]
    [InlineData(0, 8, 0)]
    [InlineData(7, 0, -1)]
    [InlineData(0, 8, long.MinValue)]
    public void Nothing_and_steps_backward_are_refused(long start, long end, long step) =>
        Assert.Throws<UnsupportedNodeException>(() => SliceOperators.Part(8, start, end, step));

    [Fact]
    public void Slices_one_after_another_are_one()
    {
        var slice = Assert.Single(Sliced([("a", 2, 1, 8, 1), ("b", 3, 2, 8, 2), ("y", 2, 1, 9, 3)]).Nodes());

        Assert.Equal(new Slice("a by Slice", slice.Inputs, new(0, 3), new(2, 2, 3), new(2, 3, 2)), slice);
    }

    [Fact]
    public void Every_second_pixel_is_a_sample()
    {
        var sample = Assert.Single(Sliced([("a", 2, 0, 8, 2), ("y", 3, 0, 8, 2)]).Nodes());

        Assert.Equal(2, Assert.IsType<Subsample>(sample).Stride);
    }

    [Fact]
    public void A_slice_that_is_read_twice_stays()
    {
        var network = Sliced([("a", 2, 1, 8, 1), ("b", 3, 1, 8, 1)]).Node("Slice", ["a", "s1", "e1", "a1", "t1"], "c")
            .Node("Add", ["b", "c"], "y").Read();

        Assert.Equal(3, network.Graph.Nodes.OfType<Slice>().Count());
    }

    [Fact]
    public void Images_are_not_taken_out_of_the_batch_nor_added_to_it()
    {
        Assert.Contains("takes a part of the batch", Sliced([("y", 0, 1, 2, 1)]).Refused());
        Assert.Contains("adds places to other axes than channels, rows and columns", new ModelBuilder()
            .Integers("p", 1, 0, 0, 0, 0, 0, 0, 0).Node("Pad", ["x", "p"], "y").Refused());
    }

    [Fact]
    public void Zeros_are_added_on_all_sides()
    {
        var network = new ModelBuilder().Integers("p", 0, 1, 2, 3, 0, 4, 5, 6).Node("Pad", ["x", "p"], "y").Read();

        Assert.Equal([typeof(Input), typeof(PadChannels), typeof(Pad), typeof(Flatten)],
            network.Graph.Nodes.Select(node => node.GetType()));
        Assert.Equal(new ImageShape(8, 15, 17), network.Graph.ShapeOf(2));
        Assert.Contains("pads by the mode reflect", new ModelBuilder().Node("Pad", ["x"], "y", ("pads", new int[8]), ("mode", "reflect"))
            .Refused());
        Assert.Contains("another number than 0", new ModelBuilder().Node("Pad", ["x"], "y", ("pads", new int[8]), ("value", 1f)).Refused());
        Assert.Contains("has 4 pads for 4 axes", new ModelBuilder().Node("Pad", ["x"], "y", ("pads", new int[4])).Refused());
        Assert.Contains("names an axis twice", new ModelBuilder().Integers("p", 1, 1, 1, 1).Integers("a", 2, -2)
            .Node("Pad", ["x", "p", "", "a"], "y").Refused());
    }

    private static ModelBuilder Sliced((string Output, int Axis, int Start, int End, int Step)[] slices)
    {
        var builder = new ModelBuilder();
        var input = "x";
        foreach (var (i, (output, axis, start, end, step)) in slices.Index())
        {
            builder.Integers($"s{i}", start).Integers($"e{i}", end).Integers($"a{i}", axis).Integers($"t{i}", step)
                .Node("Slice", [input, $"s{i}", $"e{i}", $"a{i}", $"t{i}"], output);
            input = output;
        }
        return builder;
    }
}
