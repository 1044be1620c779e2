using Nern.Objectives;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Prediction;

namespace Nern.Tests.Objectives;

public sealed class FeatureLossTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(2, 64)]
    public void Value_and_gradient_are_those_of_the_formula(int images, int features)
    {
        var random = new Generator(1);
        var (original, reconstruction) = (Normal(images * features, random), Normal(images * features, random));
        var gradient = new float[original.Length];

        var loss = FeatureLoss.Apply(original, reconstruction, gradient, features, scale: 0.5);

        var (t, s) = (PredictorCase.Doubles(original), PredictorCase.Doubles(reconstruction));
        Assert.Equal(Direct(), loss, 1e-9 * loss);
        Closeness.AssertClose(
            [.. CentralDifferences.Of(Direct, s).Select(slope => 0.5 * slope)], PredictorCase.Doubles(gradient), 1e-5);

        double Direct() => Enumerable.Range(0, images).Sum(image =>
        {
            var at = Enumerable.Range(image * features, features);
            return at.Sum(i => (s[i] - t[i]) * (s[i] - t[i])) / at.Sum(i => t[i] * t[i]);
        });
    }

    [Fact]
    public void Features_of_zeros_count_as_they_are()
    {
        var gradient = new float[2];

        var loss = FeatureLoss.Apply([0, 0], [3, -4], gradient, features: 2, scale: 1);

        Assert.Equal(25, loss);
        Assert.Equal([6, -8], gradient);
    }

    private static float[] Normal(int count, Generator random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
}
