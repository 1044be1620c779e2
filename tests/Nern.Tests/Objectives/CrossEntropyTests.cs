using Nern.Objectives;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Prediction;

namespace Nern.Tests.Objectives;

public class CrossEntropyTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 8)]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 8)]
    public void Value_and_gradient_are_those_of_the_formula(double smoothing, double size)
    {
        for (var seed = 0UL; seed < 10; seed++)
        {
            var random = new Generator(seed);
            var (samples, classes) = (1 + random.NextInt32(5), 2 + random.NextInt32(9));
            float[] logits = [.. Enumerable.Range(0, samples * classes).Select(_ => (float)(size * random.NextNormal()))];
            int[] labels = [.. Enumerable.Range(0, samples).Select(_ => random.NextInt32(classes))];
            var gradient = new float[logits.Length];

            var (loss, _) = CrossEntropy.Apply(logits, labels, gradient, scale: 0.5, smoothing);

            var values = PredictorCase.Doubles(logits);
            Assert.Equal(Direct(values, labels, smoothing), loss, 1e-9 * size);
            Closeness.AssertClose(
                [.. CentralDifferences.Of(() => Direct(values, labels, smoothing), values).Select(slope => 0.5 * slope)],
                PredictorCase.Doubles(gradient), 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 8)]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 8)]
    public void Of_a_single_logit_value_and_gradient_are_those_of_the_binary_formula(double smoothing, double size)
    {
        var random = new Generator(3);
        float[] logits = [.. Enumerable.Range(0, 6).Select(_ => (float)(size * random.NextNormal()))];
        int[] labels = [0, 1, 0, 1, 1, 0];
        var gradient = new float[logits.Length];

        var (loss, _) = CrossEntropy.Apply(logits, labels, gradient, scale: 0.5, smoothing);

        var values = PredictorCase.Doubles(logits);
        Assert.Equal(Binary(values, labels, smoothing), loss, 1e-9 * size);
        Closeness.AssertClose(
            [.. CentralDifferences.Of(() => Binary(values, labels, smoothing), values).Select(slope => 0.5 * slope)],
            PredictorCase.Doubles(gradient), 1e-6);
    }

    [Fact]
    public void Correct_samples_are_counted()
    {
        float[] logits = [1, 2, 0, /**/ 5, 1, 1, /**/ -1, -2, -3];
        Assert.Equal(2, CrossEntropy.Apply(logits, [1, 2, 0], new float[9], 1, 0).Correct);
        // The sign of a single logit says which of two classes it is.
        Assert.Equal(3, CrossEntropy.Apply([2, -1, 0, -3], [1, 0, 0, 1], new float[4], 1, 0).Correct);
    }

    [Fact]
    public void Extreme_logits_stay_finite()
    {
        var gradient = new float[3];
        var (loss, _) = CrossEntropy.Apply([1000, -1000, 0], [1], gradient, 1, 0);
        Assert.Equal(2000, loss, 1e-9);
        Assert.Equal([1, -1, 0], gradient);
    }

    /// <summary>-t log s(z) - (1 - t) log(1 - s(z)), where t is 1 or 0 but for the smoothing.</summary>
    private static double Binary(double[] logits, int[] labels, double smoothing) => logits.Zip(labels, (z, label) =>
    {
        var target = ((1 - smoothing) * label) + (smoothing / 2);
        return (target * Math.Log(1 + Math.Exp(-z))) + ((1 - target) * Math.Log(1 + Math.Exp(z)));
    }).Sum();

    private static double Direct(double[] logits, int[] labels, double smoothing)
    {
        var classes = logits.Length / labels.Length;
        var loss = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = logits[(i * classes)..((i + 1) * classes)];
            var normalizer = Math.Log(row.Sum(Math.Exp));
            loss -= ((1 - smoothing) * (row[labels[i]] - normalizer)) + (smoothing / classes * row.Sum(logit => logit - normalizer));
        }
        return loss;
    }
}
