using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>A batch in shares against the same in one, and on one thread.</summary>
public sealed class PredictorShareTests
{
    private static readonly Dictionary<string, FitOptions> Options = (
        from activation in Enum.GetValues<Activation>()
        from skip in Enum.GetValues<SkipKind>()
        from reading in Enum.GetValues<KernelReading>()
        where reading == KernelReading.Middle || activation is Activation.Relu or Activation.Gelu
        select new FitOptions { Predictor = new() { Activation = activation, Skip = skip, KernelReading = reading } })
        .ToDictionary(o => $"{o.Predictor.Activation} {o.Predictor.Skip} {o.Predictor.KernelReading}");

    public static IEnumerable<object[]> Variants =>
        from variant in Options.Keys from precision in Enum.GetValues<Precision>() select new object[] { variant, precision };

    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public void The_gradient_of_shares_is_that_of_the_whole_batch(string variant, Precision precision)
    {
        SkipUnsupported(precision);
        var random = new Generator(3);
        for (var time = 0; time < 3; time++)
        {
            var (hidden, depth, batch) = (1 + random.NextInt32(50), 2 + random.NextInt32(4), 10 + random.NextInt32(60));
            using var whole = new PredictorCase(hidden, depth, precision, batch, options: Options[variant], shares: 1);
            using var shared = new PredictorCase(
                hidden, depth, precision, batch, options: Options[variant], shares: 2 + random.NextInt32(6));
            // The last share full, or not, or without rows.
            foreach (var count in new[] { batch, batch - 1, 1 + random.NextInt32(batch) })
            {
                var tolerance = precision == Precision.Float32 ? 1e-5 : Closeness.BFloat16Tolerance;
                var (expected, actual) = (Backward(whole, count), Backward(shared, count));
                foreach (var block in FitStep.BlocksOf(whole.Design.Shape))
                    Closeness.AssertClose(
                        PredictorCase.Doubles(expected.AsSpan(block.Offset, block.Length)),
                        PredictorCase.Doubles(actual.AsSpan(block.Offset, block.Length)), tolerance,
                        $"gradient from {block.Offset} of {count} rows in shares of {shared.Plan.ShareRows}");
            }
        }
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void It_does_not_matter_which_thread_takes_what(Precision precision)
    {
        SkipUnsupported(precision);
        using var predictor = new PredictorCase(33, 4, precision, batch: 60, shares: 5);
        var kernels = predictor.Choose(57);
        predictor.DrawOutputGradient(57);
        var outputGradient = predictor.Plan.OutputGradient.ToArray();
        List<float[]> alone;
        using (ParallelRegion.Alone())
            alone = Bits();

        for (var time = 0; time < 5; time++)
            Assert.Equal(alone, Bits());

        List<float[]> Bits()
        {
            var all = new float[predictor.Plan.Kernels * predictor.Outputs];
            predictor.Plan.ParametersChanged();
            predictor.Plan.PredictBoth(kernels, 57, 3, 50, all);
            outputGradient.CopyTo(predictor.Plan.OutputGradient);
            predictor.Plan.Backward();
            return [all, predictor.Plan.Output.ToArray(), predictor.Plan.Gradient.ToArray()];
        }
    }

    [Theory]
    [InlineData(KernelReading.Middle)]
    [InlineData(KernelReading.Average)]
    [InlineData(KernelReading.Max)]
    [InlineData(KernelReading.Block)]
    public void A_loss_taken_by_the_shares_is_that_taken_after_them(KernelReading reading)
    {
        using var predictor = new PredictorCase(
            21, 3, batch: 60, options: new() { Predictor = new() { KernelReading = reading } }, shares: 4);
        foreach (var count in new[] { 60, 33, 0 })
        {
            var kernels = predictor.Choose(count);
            var loss = new Squares(predictor.Outputs);
            predictor.Plan.PredictBatch(kernels, count);
            predictor.Plan.OutputGradient.Clear();
            var values = count * predictor.Outputs;
            var expectedLoss = loss.WriteGradient(kernels, predictor.Plan.Output[..values], predictor.Plan.OutputGradient);
            foreach (ref var value in predictor.Plan.OutputGradient)
                value *= 0.25f;
            predictor.Plan.Backward();
            var expected = predictor.Plan.Gradient.ToArray();

            Assert.Equal(expectedLoss, predictor.Plan.PredictBatch(kernels, count, loss), 1e-6 * (1 + expectedLoss));
            predictor.Plan.SumGradients(0.25f);

            Closeness.AssertClose(PredictorCase.Doubles(expected), PredictorCase.Doubles(predictor.Plan.Gradient), 1e-5);
        }
    }

    [Fact]
    public void A_loss_taken_by_the_shares_allocates_nothing()
    {
        using var predictor = new PredictorCase(21, 3, batch: 60, shares: 4);
        var (kernels, loss) = (predictor.Choose(60), new Squares(predictor.Outputs));

        Allocation.AssertNone(5, () =>
        {
            predictor.Plan.PredictBatch(kernels, 60, loss);
            predictor.Plan.SumGradients(0.5f);
        });
    }

    private static float[] Backward(PredictorCase predictor, int count)
    {
        predictor.Plan.PredictBatch(predictor.Choose(count), count);
        predictor.DrawOutputGradient(count);
        predictor.Plan.Backward();
        return predictor.Plan.Gradient.ToArray();
    }

    private static void SkipUnsupported(Precision precision)
    {
        if (precision == Precision.BFloat16)
            PredictorCase.SkipWithoutBFloat16();
    }

    /// <summary>Half the squared distance from the number of the kernel.</summary>
    private sealed class Squares(int outputs) : IRowLoss
    {
        public double WriteGradient(ReadOnlySpan<int> kernels, ReadOnlySpan<float> predicted, Span<float> gradient)
        {
            var sum = 0.0;
            for (var i = 0; i < kernels.Length * outputs; i++)
            {
                gradient[i] = predicted[i] - (0.01f * kernels[i / outputs]);
                sum += 0.5 * gradient[i] * gradient[i];
            }
            return sum;
        }
    }
}
