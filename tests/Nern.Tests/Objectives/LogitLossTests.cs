using Nern.Objectives;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Prediction;

namespace Nern.Tests.Objectives;

public sealed class LogitLossTests
{
    private const int Classes = 5;

    [Theory]
    [InlineData(LogitLossForm.Stable, 1)]
    [InlineData(LogitLossForm.Exact, 1)]
    [InlineData(LogitLossForm.Stable, 8)]
    [InlineData(LogitLossForm.Exact, 8)]
    public void Value_and_gradient_are_those_of_the_formula(LogitLossForm form, double size)
    {
        var random = new Generator(1);
        var (original, reconstruction) = (Logits(3, size, random), Logits(3, size, random));
        var gradient = new float[original.Length];

        var loss = LogitLoss.Apply(original, reconstruction, gradient, Classes, scale: 0.5, form);

        var (a, b) = (PredictorCase.Doubles(original), PredictorCase.Doubles(reconstruction));
        Assert.Equal(Direct(a, b, form), loss, 1e-9);
        Closeness.AssertClose(
            [.. CentralDifferences.Of(() => Direct(a, b, form), b).Select(slope => 0.5 * slope)], PredictorCase.Doubles(gradient), 1e-6);
    }

    [Theory]
    [InlineData(LogitLossForm.Stable, 1)]
    [InlineData(LogitLossForm.Exact, 1)]
    [InlineData(LogitLossForm.Stable, 8)]
    [InlineData(LogitLossForm.Exact, 8)]
    public void Of_a_single_logit_value_and_gradient_are_those_of_the_sigmoids(LogitLossForm form, double size)
    {
        var random = new Generator(4);
        var (original, reconstruction) = (Logits(3, size, random), Logits(3, size, random));
        var gradient = new float[original.Length];

        var loss = LogitLoss.Apply(original, reconstruction, gradient, logits: 1, scale: 0.5, form);

        var (a, b) = (PredictorCase.Doubles(original), PredictorCase.Doubles(reconstruction));
        Assert.InRange(loss, 0.01, 100);
        Assert.Equal(Binary(a, b, form), loss, 1e-9);
        Closeness.AssertClose(
            [.. CentralDifferences.Of(() => Binary(a, b, form), b).Select(slope => 0.5 * slope)], PredictorCase.Doubles(gradient), 1e-6);
    }

    [Theory]
    [InlineData(LogitLossForm.Stable)]
    [InlineData(LogitLossForm.Exact)]
    public void A_single_extreme_logit_stays_finite(LogitLossForm form)
    {
        var gradient = new float[3];
        var loss = LogitLoss.Apply([1000, -1000, 1000], [-1000, 1000, 1000], gradient, logits: 1, 1, form);

        Assert.Equal(form == LogitLossForm.Exact ? 2000 : 2 * Math.Log(1e4), loss, 1e-3);
        Assert.Equal(form == LogitLossForm.Exact ? [-1, 1, 0] : [0, 0, 0], gradient);
    }

    [Theory]
    [InlineData(LogitLossForm.Stable)]
    [InlineData(LogitLossForm.Exact)]
    public void Extreme_logits_stay_finite(LogitLossForm form)
    {
        float[] original = [100, -100, 0, -100, 100, -100, 100, 100, -100, 0];
        float[] reconstruction = [-100, 100, 0, -100, -100, 100, -100, 100, 100, 0];
        var gradient = new float[original.Length];

        var loss = LogitLoss.Apply(original, reconstruction, gradient, Classes, 1, form);

        Assert.All(gradient, value => Assert.InRange(value, -1, 1));
        Assert.InRange(loss, 0, 1000);
        // The first sample's two likely classes have a share of exp(-200) in the reconstruction, or 1e-4 in the stable form.
        Assert.Equal(
            (form == LogitLossForm.Exact ? 200 : Math.Log(1e4)) - Math.Log(2),
            LogitLoss.Apply(original.AsSpan(0, Classes), reconstruction.AsSpan(0, Classes), gradient, Classes, 1, form), 1e-9);
    }

    [Fact]
    public void Equal_logits_have_no_loss_and_no_gradient()
    {
        var logits = Logits(2, 3, new Generator(2));
        var gradient = new float[logits.Length];

        Assert.Equal(0, LogitLoss.Apply(logits, logits, gradient, Classes, 1, LogitLossForm.Exact), 1e-12);
        Assert.All(gradient, value => Assert.Equal(0, value, 1e-7));
    }

    [Fact]
    public void Adding_a_constant_to_all_logits_changes_nothing()
    {
        var random = new Generator(3);
        var (original, reconstruction) = (Logits(1, 2, random), Logits(1, 2, random));
        var (first, second) = (new float[Classes], new float[Classes]);
        float[] moved = [.. reconstruction.Select(value => value + 64)];

        Assert.Equal(
            LogitLoss.Apply(original, reconstruction, first, Classes, 1, LogitLossForm.Stable),
            LogitLoss.Apply(original, moved, second, Classes, 1, LogitLossForm.Stable), 1e-5);
        Closeness.AssertClose(PredictorCase.Doubles(first), PredictorCase.Doubles(second), 1e-4);
        Assert.Equal(0, first.Sum(), 1e-6);
    }

    /// <summary>sum_c p_c (log p_c - log(q_c + e)) as it is written, summed over the samples.</summary>
    internal static double Direct(double[] original, double[] reconstruction, LogitLossForm form, int classes = Classes)
    {
        var epsilon = form == LogitLossForm.Stable ? 1e-4 : 0;
        return Rows(original, classes).Zip(Rows(reconstruction, classes), (a, b) =>
            Softmax(a).Zip(Softmax(b), (p, q) => p * (Math.Log(p) - Math.Log(q + epsilon))).Sum()).Sum();
    }

    /// <summary>Logits by sample, a class each.</summary>
    internal static IEnumerable<double[]> Rows(double[] values, int logits) =>
        values.Chunk(logits).Select(row => row is [var only] ? [0, only] : row);

    private static double Binary(double[] original, double[] reconstruction, LogitLossForm form)
    {
        var epsilon = form == LogitLossForm.Stable ? 1e-4 : 0;
        return original.Zip(reconstruction, (a, b) => Term(a, b) + Term(-a, -b)).Sum();

        double Term(double a, double b) => Sigmoid(a) * (Math.Log(Sigmoid(a)) - Math.Log(Sigmoid(b) + epsilon));
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
    }

    private static IEnumerable<double> Softmax(double[] logits) => logits.Select(logit => Math.Exp(logit) / logits.Sum(Math.Exp));

    private static float[] Logits(int samples, double size, Generator random) =>
        [.. Enumerable.Range(0, samples * Classes).Select(_ => (float)(size * random.NextNormal()))];
}
