using Nern.Data;
using Nern.Fitting;
using Nern.Networks;

namespace Nern.Tests.Fitting;

public sealed class FitInputsTests
{
    private static readonly Normalization Plain = new([0, 0, 0], [1, 1, 1]);

    [Theory]
    [InlineData(80, 10)]
    [InlineData(8, 1)]
    [InlineData(15, 1)]
    public void The_last_images_are_set_aside_and_never_distilled_on(int count, int aside)
    {
        var inputs = FitInputs.FromImages(Grey(count), Plain);

        float[] greys = [.. Enumerable.Range(count - aside + 1, aside).Select(grey => grey / 255f)];
        Assert.Equal(greys.SelectMany(grey => Enumerable.Repeat(grey, 192)), inputs.Validation[..(aside * 192)].ToArray());
        // Behind the whole images, the same ones moved and mirrored.
        Assert.Equal(4 * aside * 192, inputs.Validation.Length);
        Assert.Equal(greys, inputs.Validation.ToArray().Where(value => value > 0).Distinct().Order());

        var batch = new float[3 * count * 192];
        inputs.Images!.Fill(batch, 3 * count, new Generator(1));
        // The padding of the crop is black.
        var seen = batch.Where(value => value > 0).Distinct().Order().ToArray();
        Assert.Equal(Enumerable.Range(1, count - aside).Select(grey => grey / 255f), seen);
    }

    [Theory]
    [InlineData(5000, 512)]
    [InlineData(2400, 512)]
    [InlineData(800, 400)]
    public void At_most_512_inputs_are_set_aside(int images, int inputs) => Assert.Equal(
        inputs, FitInputs.FromImages(new ImageSet(new byte[images * 48], new int[images], 3, 4, 4, 2), Plain).Validation.Length / 48);

    [Fact]
    public void Too_few_images_are_refused() =>
        Assert.Equal(
            "A fit on images needs at least 8 of them; got 7.",
            Assert.Throws<NernException>(() => FitInputs.FromImages(Grey(7), Plain)).Message);

    [Fact]
    public void Noise_is_the_same_every_time_and_other_than_the_fit_s()
    {
        var (first, second) = (FitInputs.FromNoise(new(3, 8, 8)), FitInputs.FromNoise(new(3, 8, 8)));

        Assert.Equal(512 * 192, first.Validation.Length);
        Assert.Equal(first.Validation.ToArray(), second.Validation.ToArray());
        var batch = new float[192];
        first.Images!.Fill(batch, 1, new Generator(0));
        Assert.NotEqual(first.Validation[..192].ToArray(), batch);
        Assert.All(batch, value => Assert.InRange(value, -1, 1));
    }

    /// <summary>Images of 3x8x8, each of one grey: 1, 2, 3, …</summary>
    private static ImageSet Grey(int count) => new(
        [.. Enumerable.Range(0, count * 192).Select(i => (byte)((i / 192) + 1))], new int[count], 3, 8, 8, 2);
}
