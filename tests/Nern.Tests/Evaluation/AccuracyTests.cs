using Nern.Evaluation;

namespace Nern.Tests.Evaluation;

public sealed class AccuracyTests
{
    [Fact]
    public void Of_counts_the_rows_whose_largest_entry_is_the_label()
    {
        var accuracy = Accuracy.Of([1, 5, 2, 9, 0, 0, -3, -2, -1, 4, 4, 4], [1, 0, 0, 0]);

        // Among equal entries the first counts.
        Assert.Equal(new Accuracy(3, 4), accuracy);
        Assert.Equal(0.75, accuracy.Share);
        Assert.Equal("75.00 % (3 of 4)", accuracy.ToString());
    }

    [Fact]
    public void A_single_logit_tells_two_classes_apart_by_its_sign()
    {
        float[] logits = [0.1f, -0.1f, 0, -0f, 7, -7];

        Assert.Equal(new Accuracy(6, 6), Accuracy.Of(logits, [1, 0, 0, 0, 1, 0]));
        Assert.Equal(new Accuracy(0, 6), Accuracy.Of(logits, [0, 1, 1, 1, 0, 1]));
        Assert.Equal(new Accuracy(6, 6), Accuracy.Of(logits, [0, 1, 1, 1, 0, 1], top: 5));
    }

    [Fact]
    public void No_images_are_no_error()
    {
        Assert.Equal(new Accuracy(0, 0), Accuracy.Of([], []));
        Assert.Equal(0, Accuracy.Of([], []).Share);
    }

    [Fact]
    public void Of_the_first_so_many_counts_the_rows_with_the_label_among_them()
    {
        float[] logits = [5, 4, 3, 2, 1, 1, 1, 1, 3, 3, 3, float.NaN];

        Assert.Equal(new Accuracy(1, 3), Accuracy.Of(logits, [2, 1, 2], top: 2) with { Count = 3 });
        Assert.Equal(new Accuracy(2, 3), Accuracy.Of(logits, [2, 1, 2], top: 3));
        Assert.Equal(Accuracy.Of(logits, [0, 0, 1]).Correct, Accuracy.Of(logits, [0, 0, 1], top: 1).Correct);
    }

    [Theory]
    // R's prop.test without correction.
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(0, 20, 0, 0.1611252)]
    [InlineData(20, 20, 0.8388748, 1)]
    [InlineData(0, 0, 0, 1)]
    public void The_interval_is_wilsons(int correct, int count, double low, double high)
    {
        var interval = new Accuracy(correct, count).Interval;

        Assert.Equal(low, interval.Low, 6);
        Assert.Equal(high, interval.High, 6);
    }
}
