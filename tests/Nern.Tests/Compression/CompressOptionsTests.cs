using Nern.Compression;
using Nern.Data;
using Nern.Fitting;
using Nern.Tests.Fitting;

namespace Nern.Tests.Compression;

public class CompressOptionsTests
{
    [Theory]
    [InlineData(null, 1, 0)]
    [InlineData(0.0, 0, 0)]
    [InlineData(0.6, 0.6, 0.6)]
    public void All_images_are_mixed_and_noise_is_not_unless_it_is_said(double? asked, double images, double noise)
    {
        AssertDecided(new CompressOptions { Mixing = asked }, decided => decided.Mixing, images, noise);
    }

    [Theory]
    [InlineData(null, 4000, 1000)]
    [InlineData(7L, 7, 7)]
    public void Noise_is_distilled_for_fewer_steps_unless_it_is_said(long? asked, long images, long noise)
    {
        AssertDecided(new CompressOptions { Steps = asked }, decided => decided.Steps, images, noise);
    }

    [Theory]
    [InlineData(null, 0.5, 8)]
    [InlineData(2.0, 2, 2)]
    public void Of_noise_the_feature_maps_count_more_unless_it_is_said(double? asked, double images, double noise)
    {
        AssertDecided(new CompressOptions { Fmd = asked }, decided => decided.Fmd, images, noise);
    }

    [Theory]
    [InlineData(null, 1e-3, 2e-3)]
    [InlineData(0.01, 0.01, 0.01)]
    public void Parameters_of_a_predictor_move_further_unless_it_is_said(double? asked, double rounded, double predicted)
    {
        using var subject = new FitCase();
        var options = new CompressOptions { LearningRate = asked };

        Assert.Equal(rounded, options.For(subject.Engine, subject.Inputs(), isPredicted: false).LearningRate);
        Assert.Equal(predicted, options.For(subject.Engine, subject.Inputs(), isPredicted: true).LearningRate);
    }

    private static void AssertDecided<T>(CompressOptions options, Func<CompressOptions, T?> of, T images, T noise) where T : struct
    {
        using var subject = new FitCase();

        Assert.Equal(images, of(options.For(subject.Engine, subject.Inputs(), isPredicted: false)));
        Assert.Equal(noise, of(options.For(subject.Engine, FitInputs.FromNoise(subject.Shape, NoiseKind.Fractal), isPredicted: false)));
    }
}
