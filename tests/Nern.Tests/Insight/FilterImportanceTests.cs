using Nern.Insight;
using Nern.Kernels;
using Nern.Networks;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Insight;

public class FilterImportanceTests
{
    private readonly Network _original = RandomNetwork.Of(ExampleGraphs.Build("residual B"), new Generator(1));
    private readonly LearnableLayer _layer;

    public FilterImportanceTests() => _layer = LearnableLayer.AllOf(_original.Graph).Single(layer => layer.Name == "block2.conv1");

    [Fact]
    public void The_error_of_a_filter_is_that_of_its_weights_alone()
    {
        var weights = _original.Values(_layer.Weight);
        var size = _layer.Channels * _layer.KernelSize;
        float[] given = [.. weights.Select((weight, i) => i / size == 3 ? weight * 1.25f : weight)];
        var reconstruction = _original.With(new Dictionary<string, float[]> { [_layer.Weight] = given });

        var filters = FilterImportance.OfLayers(_original, reconstruction, [_layer]);

        Assert.Equal(_layer.Filters, filters.Count);
        Assert.All(filters, filter => Assert.Equal(filter.Filter == 3 ? 0.25 : 0, filter.RelativeError, 6));
        var expected = Math.Sqrt(weights.Skip(3 * size).Take(size).Sum(weight => (double)weight * weight));
        Assert.Equal(expected, filters[3].Norm, 12);
        Assert.All(filters, filter => Assert.Null(filter.MeanActivation));
    }

    [Fact]
    public void A_filter_of_zeros_has_no_error_if_it_is_given_back_as_such()
    {
        Assert.Equal(0, new FilterImportance("a", 0, Norm: 0, Distance: 0, null).RelativeError);
        Assert.Equal(double.PositiveInfinity, new FilterImportance("a", 0, Norm: 0, Distance: 1, null).RelativeError);
    }

    [Fact]
    public void Correlations_leave_out_what_is_no_finite_number()
    {
        FilterImportance[] filters =
        [
            .. Enumerable.Range(1, 8).Select(i => new FilterImportance("a", i, 1, i, 1.0 / i)), new("a", 9, 0, 1, 5),
            new("a", 10, 1, 1, double.NaN),
            new("a", 11, 1, 1, null),
        ];
        var correlation = ImportanceCorrelation.Of(filters);

        Assert.Equal((8, -1.0), (correlation.Spearman.Count, correlation.Spearman.Value));
        Assert.Equal(-1, correlation.WithinLayers.Value, 12);
        Assert.InRange(correlation.Pearson.Value, -0.99, -0.7);
    }
}
