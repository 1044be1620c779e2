using Nern.Evaluation;

namespace Nern.Tests.Evaluation;

public sealed class FeatureAgreementTests
{
    [Fact]
    public void It_is_the_mean_cosine_and_the_mean_relative_error()
    {
        // Twice as long in the same direction; at a right angle; opposite.
        var agreement = FeatureAgreement.Of([3, 4, 1, 0, 0, 2], [6, 8, 0, 1, 0, -2], features: 2);

        Assert.Equal((1 + 0 - 1) / 3.0, agreement.Cosine, 1e-12);
        Assert.Equal((1 + Math.Sqrt(2) + 2) / 3, agreement.RelativeError, 1e-12);
        Assert.Equal(3, agreement.Count);
    }

    [Fact]
    public void Equal_features_agree_wholly()
    {
        float[] features = [0.1f, 1e-20f, 3e8f, 7];

        var agreement = FeatureAgreement.Of(features, features, features: 4);

        Assert.Equal((1.0, 0.0, 1), (Math.Round(agreement.Cosine, 12), agreement.RelativeError, agreement.Count));
    }

    [Fact]
    public void A_small_difference_is_not_lost()
    {
        var agreement = FeatureAgreement.Of([1e4f, 0], [1e4f, 1e-3f], features: 2);

        Assert.Equal(1e-7, agreement.RelativeError, 1e-12);
    }

    [Fact]
    public void Features_of_zeros_have_no_direction()
    {
        Assert.Equal((0.0, 1.0), Of([1, 2], [0, 0]));
        Assert.Equal((0.0, 5.0), Of([0, 0], [3, 4]));
        Assert.Equal((0.0, 0.0), Of([0, 0], [0, 0]));

        static (double, double) Of(float[] original, float[] reconstruction)
        {
            var agreement = FeatureAgreement.Of(original, reconstruction, features: 2);
            return (agreement.Cosine, agreement.RelativeError);
        }
    }

    [Fact]
    public void No_images_are_no_error() => Assert.Equal(new FeatureAgreement(0, 0, 0), FeatureAgreement.Of([], [], features: 10));

    [Fact]
    public void Different_numbers_of_features_are_refused() =>
        Assert.Contains("4 and 2", Assert.Throws<ArgumentException>(() => FeatureAgreement.Of([1, 2, 3, 4], [1, 2], features: 2)).Message);

    [Fact]
    public void It_is_printed_with_four_digits() =>
        Assert.Equal("cosine 0.9931, relative error 0.1172", new FeatureAgreement(0.99312, 0.11721, 250).ToString());
}
