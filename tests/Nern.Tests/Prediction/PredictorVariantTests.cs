using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.OneDnn.Tests.References;
using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>Predictors other than the paper's, against the same float64 reference.</summary>
public sealed class PredictorVariantTests
{
    private static readonly Dictionary<string, FitOptions> Options = (
        from activation in Enum.GetValues<Activation>()
        from skip in Enum.GetValues<SkipKind>()
        where skip == SkipKind.None || activation is Activation.Relu or Activation.Gelu
        select new FitOptions { Predictor = new() { Activation = activation, Skip = skip } })
        .Append(new() { Predictor = new() { EmbeddingKind = EmbeddingKind.Gaussian, EmbeddingScales = new(1, 3, 0.3) } })
        .ToDictionary(o => $"{o.Predictor.EmbeddingKind} {o.Predictor.Activation} {o.Predictor.Skip}");

    public static TheoryData<string> Variants => [.. Options.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void All_kernels_and_the_gradient_are_the_reference_s(string variant)
    {
        var random = new Generator(1);
        for (var time = 0; time < 4; time++)
        {
            using var predictor = Draw(random, Precision.Float32, variant);
            Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), 1e-5);
            foreach (var count in new[] { 20, 7, 20 })
                predictor.AssertGradient(count, 1e-5);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public void In_bfloat16_all_kernels_and_the_gradient_are_the_reference_s_but_for_rounding(string variant)
    {
        PredictorCase.SkipWithoutBFloat16();
        var random = new Generator(2);
        using var predictor = Draw(random, Precision.BFloat16, variant);

        // A value is rounded before its activation and once more behind it.
        Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), 2 * Closeness.BFloat16Tolerance);
        predictor.AssertGradient(20, 2 * Closeness.BFloat16Tolerance);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Many_kernels_are_walked_over_in_tiles(string variant)
    {
        using var predictor = new PredictorCase(
            13, 4, layers: [new("a", 97, 85, 3, 3), new("b", 1, 3, 1, 1)], options: Options[variant]);

        Closeness.AssertClose(predictor.Expected, predictor.PredictAll(), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_allocates_nothing(string variant) => AssertAllocatesNothing(Options[variant]);

    [Theory]
    [InlineData(KernelReading.Average)]
    [InlineData(KernelReading.Max)]
    [InlineData(KernelReading.Block)]
    public void A_step_that_pools_allocates_nothing(KernelReading reading) =>
        AssertAllocatesNothing(new FitOptions { Predictor = new() { KernelReading = reading } });

    private static void AssertAllocatesNothing(FitOptions options)
    {
        using var predictor = new PredictorCase(33, 5, batch: 20, options: options);

        predictor.AssertStepAllocatesNothing();
    }

    private static PredictorCase Draw(Generator random, Precision precision, string variant) => new(
        1 + random.NextInt32(50), 2 + random.NextInt32(5), precision, batch: 20, options: Options[variant]);
}
