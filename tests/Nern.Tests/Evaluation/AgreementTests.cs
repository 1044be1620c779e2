using Nern.Evaluation;

namespace Nern.Tests.Evaluation;

public sealed class AgreementTests
{
    [Fact]
    public void Of_compares_classes_and_distributions()
    {
        // Softmax of (ln 3, 0) is (3/4, 1/4); of (0, 0) it is (1/2, 1/2).
        var third = MathF.Log(3);
        var agreement = Agreement.Of([third, 0, 0, third, 5, 5], [0, 0, third, 0, 7, 7], logits: 2);

        var first = (0.75 * Math.Log(0.75 / 0.5)) + (0.25 * Math.Log(0.25 / 0.5));
        var second = (0.25 * Math.Log(0.25 / 0.75)) + (0.75 * Math.Log(0.75 / 0.25));
        Assert.Equal((2, 3), (agreement.Same, agreement.Count));
        Assert.Equal((first + second) / 3, agreement.MeanDivergence, 1e-6);
        Assert.Equal(2 / 3.0, agreement.Share);
    }

    [Fact]
    public void A_single_logit_is_compared_as_its_sigmoid_and_its_sign()
    {
        // The sigmoid of ln 3 is 3/4.
        var third = MathF.Log(3);
        var agreement = Agreement.Of([third, third, -third, 2], [0, third, 2 * third, 1], logits: 1);

        // Zero is class 0, as the first of two equal logits is.
        Assert.Equal((2, 4), (agreement.Same, agreement.Count));
        Assert.Equal(
            (Binary(0.75, 0.5) + Binary(0.25, 0.9) + Binary(1 / (1 + Math.Exp(-2)), 1 / (1 + Math.Exp(-1)))) / 4, agreement.MeanDivergence,
            1e-6);

        static double Binary(double p, double q) => (p * Math.Log(p / q)) + ((1 - p) * Math.Log((1 - p) / (1 - q)));
    }

    [Fact]
    public void Equal_logits_agree_wholly()
    {
        float[] logits = [100, -100, 3, 0.1f, 0.2f, 0.3f];

        Assert.Equal(new Agreement(2, 2, 0), Agreement.Of(logits, logits, logits: 3));
    }

    [Fact]
    public void Extreme_logits_stay_finite() => Assert.Equal(200, Agreement.Of([100, -100], [-100, 100], logits: 2).MeanDivergence, 1e-9);

    [Fact]
    public void No_images_are_no_error() => Assert.Equal(new Agreement(0, 0, 0), Agreement.Of([], [], logits: 10));

    [Fact]
    public void Different_numbers_of_logits_are_refused() =>
        Assert.Contains("4 and 2", Assert.Throws<ArgumentException>(() => Agreement.Of([1, 2, 3, 4], [1, 2], logits: 2)).Message);

    [Fact]
    public void It_is_printed_with_two_digits_of_a_per_cent() =>
        Assert.Equal("97.25 % (989 of 1017), mean KL 0.0312", new Agreement(989, 1017, 0.03123).ToString());

    [Fact]
    public void The_expected_loss_is_what_the_original_would_bet_on()
    {
        // Softmax of 0 and log 3: a quarter and three; the second image is put into one class by both.
        var (even, sure) = (0f, MathF.Log(3));
        var agreement = Agreement.Of([even, sure, sure, even], [1, 0, 5, 2], 2);
        Assert.Equal(1, agreement.Same);
        Assert.Equal((0.75 - 0.25) / 2, agreement.ExpectedLoss, 1e-6);
        Assert.Equal(0, Agreement.Of([even, sure], [0, 9], 2).ExpectedLoss);
        Assert.Equal(0, Agreement.Of([], [], 2).ExpectedLoss);
    }
}
