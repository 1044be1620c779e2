using Nern.Kernels;
using Nern.Orderings;
using Nern.Predictor;

namespace Nern.Tests.Predictor;

public sealed class PredictorDesignTests
{
    private static readonly LearnableLayer[] Layers = [new("a", 2, 3, 3, 3), new("b", 4, 1, 1, 1)];

    [Fact]
    public void The_shape_follows_from_embedding_and_layers()
    {
        var design = Design(Layers, [Ordering.None(2, 3), Ordering.None(4, 1)]);

        Assert.Equal((30, 8, 9, 4), (design.Shape.Inputs, design.Shape.Hidden, design.Shape.Outputs, design.Shape.Depth));
        Assert.Equal(10, design.CreateCoordinates().Count);
    }

    [Fact]
    public void Orderings_that_do_not_fit_are_refused()
    {
        Assert.Equal("2 layers need as many orderings; got 1.", Refused([Ordering.None(2, 3)]));
        Assert.Equal("b has 4 x 1 kernels; its ordering has 1 x 4.", Refused([Ordering.None(2, 3), Ordering.None(1, 4)]));
        Assert.Contains("CrossFilter", Refused([Ordering.None(2, 3), Ordering.CrossFilter(4, 1, [0, 1, 2, 3])]));
    }

    [Fact]
    public void A_block_has_one_coordinate_and_its_place_in_its_filter_is_divided_by_the_blocks()
    {
        var design = new PredictorDesign(
            new([new("a", 2, 3, 3, 3), new("b", 4, 20, 1, 1)], KernelReading.Block), [Ordering.None(2, 3), Ordering.None(4, 3)],
            CoordinateNormalization.Local, new PositionalEmbedding(1.1, 5), hidden: 8, depth: 4);

        var coordinates = design.CreateCoordinates();

        Assert.Equal(18, coordinates.Count);
        Assert.Equal([0, 1 / 3.0, 2 / 3.0], coordinates.Values(2).ToArray());
        Assert.Equal(0.75, coordinates.Values(1)[coordinates.Indices(1)[17]]);
        Assert.Equal(2 / 3.0, coordinates.Values(2)[coordinates.Indices(2)[17]]);
    }

    [Fact]
    public void The_order_of_blocks_is_one_of_kernels_too()
    {
        var design = new PredictorDesign(
            new([new("a", 1, 2, 2, 2), new("b", 2, 6, 1, 1)], KernelReading.Block),
            [Ordering.CrossFilter(1, 2, [1, 0]), Ordering.CrossFilter(2, 2, [3, 0, 2, 1])],
            CoordinateNormalization.Local, new PositionalEmbedding(1.1, 5), hidden: 8, depth: 4);

        Assert.Same(design.Orderings[0], design.OrderOfKernels(0));
        Assert.Equal([10, 11, 0, 1, 2, 3, 6, 7, 8, 9, 4, 5], design.OrderOfKernels(1).KernelAt.ToArray());
    }

    [Fact]
    public void In_sorted_blocks_the_predictor_meets_the_kernels_of_one_value_in_their_order()
    {
        var design = new PredictorDesign(
            new(
                [new("a", 1, 2, 2, 2), new("b", 2, 6, 1, 1)], KernelReading.Block,
                valueOrders: [new[] { 3, 2, 1, 0, 0, 1, 2, 3 }, new[] { 3, 2, 1, 0, 1, 0, 0, 1, 2, 3, 0, 1 }]),
            [Ordering.CrossFilter(1, 2, [1, 0]), Ordering.CrossFilter(2, 2, [3, 0, 2, 1])],
            CoordinateNormalization.Local, new PositionalEmbedding(1.1, 5), hidden: 8, depth: 4);

        Assert.Same(design.Orderings[0], design.OrderOfKernels(0));
        Assert.Equal([10, 11, 3, 2, 1, 0, 6, 7, 8, 9, 5, 4], design.OrderOfKernels(1).KernelAt.ToArray());
    }

    private static PredictorDesign Design(LearnableLayer[] layers, Ordering[] orderings) =>
        new(new KernelLayout(layers), orderings, CoordinateNormalization.Local, new PositionalEmbedding(1.1, 5), hidden: 8, depth: 4);

    private static string Refused(Ordering[] orderings) => Assert.Throws<NernException>(() => Design(Layers, orderings)).Message;
}
