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

    private static PredictorDesign Design(LearnableLayer[] layers, Ordering[] orderings) =>
        new(layers, orderings, CoordinateNormalization.Local, new PositionalEmbedding(1.1, 5), hidden: 8, depth: 4);

    private static string Refused(Ordering[] orderings) => Assert.Throws<NernException>(() => Design(Layers, orderings)).Message;
}
