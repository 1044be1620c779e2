using Nern.Compression;
using Nern.Data;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.Objectives;

namespace Nern.Tests.Fitting;

/// <summary>A network that ends in features is fitted by their relative error and held against the original by it.</summary>
public sealed class FeatureFitTests : IDisposable
{
    private readonly FitCase _case = new(logits: 6, endsInFeatures: true);

    public void Dispose() => _case.Dispose();

    [Fact]
    public void Its_features_come_near()
    {
        // As by default, so that the weights come near in a few steps.
        var options = new FitOptions
        {
            Predictor = new() { Hidden = 128 },
            Inputs = new() { Batch = 8 },
            Budget = new() { Steps = 200, EvaluateEvery = 20 },
            Precision = Precision.Float32,
            Seed = 3,
        };
        var evaluations = new List<FitEvaluation>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, Inputs(), options);

        var (best, kept) = fit.Run(progress =>
        {
            if (progress.Evaluation is { } evaluation && !evaluations.Contains(evaluation))
                evaluations.Add(evaluation);
        });

        Assert.All(evaluations, evaluation =>
            Assert.True(evaluation is { IsOfFeatures: true, Accuracy: null, Agreement: null, Features.Count: 40 }));
        Assert.True(kept.Validation < 0.2 * evaluations[0].Validation, $"{evaluations[0]} to {kept}");
        Assert.True(best.Graph.EndsInFeatures);
        using var classifier = new Classifier(_case.Engine, best.Reconstruct());
        using var original = new Classifier(_case.Engine, _case.Network);
        Assert.Equal(
            kept.Features,
            FeatureAgreement.Of(
                original.Logits(Images, Normalization),
                classifier.Logits(Images, Normalization), features: 6));
    }

    // More classes than there are features.
    private static ImageSet Images { get; } = new(
        [.. Enumerable.Range(0, 40 * 192).Select(i => (byte)(i * i % 251))], [.. Enumerable.Range(0, 40)], 3, 8, 8, 40);

    private static Normalization Normalization { get; } = new([0.5f, 0.5f, 0.5f], [0.3f, 0.3f, 0.3f]);

    private FitInputs Inputs()
    {
        var inputs = _case.Inputs();
        return new(inputs.Images, inputs.Validation, Images, Normalization);
    }

    [Fact]
    public void It_is_another_fit_than_that_of_logits()
    {
        using var classifier = new FitCase(logits: 6);

        Assert.NotEqual(
            UnfinishedFit.Identify(classifier.Network, classifier.Inputs()), UnfinishedFit.Identify(_case.Network, _case.Inputs()));
    }

    [Fact]
    public void What_needs_class_scores_is_refused()
    {
        var options = FitCase.Options with { Objective = FitCase.Options.Objective with { Weighting = KernelWeighting.Fisher } };

        Assert.Contains("ends in features", Refusal(() => FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options)));
        Assert.Contains("ends in features", Refusal(() => _ = new Compressor(
            _case.Engine, _case.Network, _case.Inputs(), new CompressOptions { Size = new FileSize(5000, IsPercent: false) })));

        static string Refusal(Action work) => Assert.Throws<NernException>(work).Message;
    }
}
