using Nern.Compression;
using Nern.Fitting;
using Nern.Orderings;
using Nern.Tests.Fitting;

namespace Nern.Tests.Compression;

public class SmallPredictorTests
{
    [Theory]
    [InlineData(8_000)]
    [InlineData(90_000)]
    public void It_takes_the_room_there_is_and_no_more(long bytes)
    {
        using var subject = new FitCase();
        var options = SmallPredictor.Within(FitCase.Options.Predictor, subject.Network, bytes);
        Assert.Equal(FitCase.Options.Predictor with { Hidden = options.Hidden, Ordering = OrderingKind.None }, options);
        Assert.InRange(Parameters(options) * 5L / 8, 1, bytes);
        Assert.InRange(Parameters(options with { Hidden = options.Hidden + 8 }) * 5L / 8, (long)(0.9 * bytes), long.MaxValue);

        int Parameters(PredictorOptions of)
        {
            var layers = of.Layers.Of(subject.Network.Graph);
            return of.CreateDesign(of.Layout(layers), 0).Shape.ParameterCount;
        }
    }

    [Fact]
    public void Where_there_is_no_room_it_says_so()
    {
        using var subject = new FitCase();
        Assert.Contains("no room", Assert.Throws<NernException>(() => SmallPredictor.Within(FitCase.Options.Predictor, subject.Network, 100)).Message);
    }
}
