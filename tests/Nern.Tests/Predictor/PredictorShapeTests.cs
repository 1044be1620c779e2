using Nern.Fitting;
using Nern.Predictor;

namespace Nern.Tests.Predictor;

public sealed class PredictorShapeTests
{
    [Fact]
    public void Weights_and_biases_follow_one_another()
    {
        var shape = new PredictorShape(inputs: 6, hidden: 4, outputs: 9, depth: 3);

        Assert.Equal([(4, 6), (4, 4), (9, 4)], Enumerable.Range(0, 3).Select(layer => (shape.RowsOf(layer), shape.ColumnsOf(layer))));
        Assert.Equal([0, 28, 48], Enumerable.Range(0, 3).Select(shape.WeightOffset));
        Assert.Equal([24, 44, 84], Enumerable.Range(0, 3).Select(shape.BiasOffset));
        Assert.Equal(93, shape.ParameterCount);
    }

    [Fact]
    public void The_paper_s_predictors_have_as_many_parameters_as_it_says()
    {
        // 240 -> 160 -> 160 -> 160 -> 160 -> 9.
        Assert.Equal((241 * 160) + (3 * 161 * 160) + (161 * 9), new PredictorShape(240, 160, 9).ParameterCount);
    }

    [Fact]
    public void Blocks_cover_all_parameters_in_order()
    {
        var shape = new PredictorShape(6, 4, 9, 3);

        Assert.Equal([0, 24, 28, 44, 48, 84], FitStep.BlocksOf(shape).Select(block => block.Offset));
        Assert.Equal([(4, 6), (4, 4), (9, 4)], FitStep.BlocksOf(shape).Where((_, i) => i % 2 == 0)
            .Select(block => (block.Rows, block.Columns)));
        Assert.Equal([4, 4, 9], FitStep.BlocksOf(shape).Where((_, i) => i % 2 == 1).Select(block => block.Rows * block.Columns));
    }

    [Theory]
    [InlineData(0, 5, "The hidden size must lie between 1 and 16384; got 0.")]
    [InlineData(16385, 5, "The hidden size must lie between 1 and 16384; got 16385.")]
    [InlineData(8, 1, "The predictor takes 2 to 32 linear layers; got 1.")]
    [InlineData(8, 33, "The predictor takes 2 to 32 linear layers; got 33.")]
    public void What_is_out_of_range_is_refused(int hidden, int depth, string message) =>
        Assert.Equal(message, Assert.Throws<NernException>(() => new PredictorShape(6, hidden, 9, depth)).Message);

    [Fact]
    public void More_parameters_than_can_be_counted_are_refused() =>
        Assert.Contains("parameters", Assert.Throws<NernException>(() => new PredictorShape(240, 16384, 9, 32)).Message);
}
