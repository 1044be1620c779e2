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
        Assert.Equal(
            FitCase.Options.Predictor with { Hidden = options.Hidden, Ordering = OrderingKind.None, ValueOrder = ValueOrder.None }, options);
        Assert.InRange(Parameters(options) * 5L / 8, 1, bytes);
        Assert.InRange(Parameters(options with { Hidden = options.Hidden + 8 }) * 5L / 8, (long)(0.9 * bytes), long.MaxValue);

        int Parameters(PredictorOptions of)
        {
            var layers = of.Layers.Of(subject.Network.Graph);
            return of.CreateDesign(of.Layout(layers), 0).Shape.ParameterCount;
        }
    }

    [Fact]
    public void A_predictor_that_is_given_fits_unless_its_parameters_have_less_than_a_bit_each()
    {
        using var subject = new FitCase();
        var options = FitCase.Options.Predictor with { Hidden = 200 };
        const int Parameters = (37 * 200) + (201 * 200) + (201 * 9);
        var least = (Parameters / 8) + 1 + subject.Network.Tensors
            .Where(tensor => tensor.Key is not ("conv1.weight" or "conv2.weight" or "bn1.num_batches_tracked"))
            .Sum(tensor => tensor.Value.Count);
        SmallPredictor.Check(options with { Ordering = OrderingKind.None }, subject.Network, least);
        Assert.Equal(
            $"A file of {least - 1} bytes has no room for a predictor of hidden size 200: its {Parameters} parameters would have less than "
            + "a bit each beside what is not predicted.",
            Refused(options with { Ordering = OrderingKind.None }, least - 1));
        // One of 21! and one of 35! orders take 198.4 bits.
        Assert.Contains("beside 24 bytes of orderings and what is not predicted.", Refused(options, least + 23));
        SmallPredictor.Check(options, subject.Network, least + 24);
        // 7 filters and 3 channels in each, 5 and 7: 98.8 bits.
        Assert.Contains("beside 12 bytes of orderings and", Refused(options with { Ordering = OrderingKind.InFilter }, least + 11));
        SmallPredictor.Check(options with { Ordering = OrderingKind.InFilter }, subject.Network, least + 12);
        // For each of 56 kernels one of 9! orders of its values: 1034.3 bits.
        var sorted = options with { Ordering = OrderingKind.None, ValueOrder = ValueOrder.Sorted };
        Assert.Contains("beside 129 bytes of orderings and", Refused(sorted, least + 128));
        SmallPredictor.Check(sorted, subject.Network, least + 129);

        string Refused(PredictorOptions of, int bytes) =>
            Assert.Throws<NernException>(() => SmallPredictor.Check(of, subject.Network, bytes)).Message;
    }

    [Fact]
    public void Where_there_is_no_room_it_says_so()
    {
        using var subject = new FitCase();
        Assert.Contains("no room", Assert.Throws<NernException>(() => SmallPredictor.Within(FitCase.Options.Predictor, subject.Network, 100)).Message);
    }
}
