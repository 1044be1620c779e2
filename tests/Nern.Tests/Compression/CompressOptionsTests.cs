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
        using var subject = new FitCase();
        var options = new CompressOptions { Mixing = asked };

        Assert.Equal(images, options.For(subject.Engine, subject.Inputs()).Mixing);
        Assert.Equal(noise, options.For(subject.Engine, FitInputs.FromNoise(subject.Shape, NoiseKind.Fractal)).Mixing);
    }

    [Theory]
    [InlineData(null, 4000, 1000)]
    [InlineData(7L, 7, 7)]
    public void Noise_is_distilled_for_fewer_steps_unless_it_is_said(long? asked, long images, long noise)
    {
        using var subject = new FitCase();
        var options = new CompressOptions { Steps = asked };

        Assert.Equal(images, options.For(subject.Engine, subject.Inputs()).Steps);
        Assert.Equal(noise, options.For(subject.Engine, FitInputs.FromNoise(subject.Shape, NoiseKind.Fractal)).Steps);
    }

    [Theory]
    [InlineData(null, 0.5, 8)]
    [InlineData(2.0, 2, 2)]
    public void Of_noise_the_feature_maps_count_more_unless_it_is_said(double? asked, double images, double noise)
    {
        using var subject = new FitCase();
        var options = new CompressOptions { Fmd = asked };

        Assert.Equal(images, options.For(subject.Engine, subject.Inputs()).Fmd);
        Assert.Equal(noise, options.For(subject.Engine, FitInputs.FromNoise(subject.Shape, NoiseKind.Fractal)).Fmd);
    }
}
