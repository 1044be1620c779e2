using Nern.Engine;
using Nern.Fitting;
using Nern.OneDnn;
using Nern.Onnx;

namespace Nern.Tests.Fitting;

/// <summary>A network of a single logit is distilled as any other, and where the figures do not tell states apart the weights do.</summary>
public sealed class OneLogitFitTests
{
    // As by default, so that the weights come near in a few steps.
    private static readonly FitOptions Options = new()
    {
        Predictor = new() { Hidden = 128 },
        Inputs = new() { Batch = 8 },
        Budget = new() { Steps = 200, EvaluateEvery = 20 },
        Precision = Precision.Float32,
        Seed = 3,
    };

    [Fact]
    public void It_is_fitted_to_the_end_and_its_divergence_falls()
    {
        using var subject = new FitCase(logits: 1);
        using var fit = FitRound.Prepare(subject.Engine, subject.Network, subject.Inputs(), Options);

        var evaluations = Run(fit);

        var (first, best) = (evaluations[0], evaluations.Last(evaluation => evaluation.IsBest));
        Assert.All(evaluations, evaluation => Assert.True(evaluation.Validation > 0));
        Assert.True(best.Validation < 0.01 * first.Validation, $"{first} to {best}");
        Assert.True(best.RelativeError < 0.05, $"{first} to {best}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Of_states_whose_divergence_is_equal_the_one_with_the_nearest_weights_is_kept(int logits)
    {
        using var subject = new FitCase(logits);
        // Whatever the kernels are, the answers are the same.
        var constant = subject.Network.With(new Dictionary<string, float[]> { ["linear.weight"] = new float[5 * logits] });
        // So quick a rate that the last parameters are not the best.
        var options = FitCase.Options with
        {
            Budget = new() { Steps = 30, EvaluateEvery = 1 },
            Optimizer = FitCase.Options.Optimizer with { LearningRate = 5, FinalLearningRate = 5 },
        };
        using var fit = FitRound.Prepare(subject.Engine, constant, subject.Inputs(), options);

        var evaluations = Run(fit);

        Assert.All(evaluations, evaluation => Assert.Equal(0, evaluation.Validation));
        var best = evaluations.MinBy(evaluation => evaluation.RelativeError)!;
        Assert.Equal(best, evaluations.Last(evaluation => evaluation.IsBest));
        Assert.InRange(best.Step, 2, 29);
    }

    [SkippableFact]
    public void A_cat_and_dog_network_with_a_sigmoid_is_fitted_on_noise()
    {
        var network = OnnxFile.Load(RealData.Path("../cases/07-one-logit-binary.onnx"));
        using var engine = new CpuEngine();
        using var fit = FitRound.Prepare(engine, network, FitInputs.FromNoise(network.Graph.InputShape), Options);

        var evaluations = Run(fit);

        var best = evaluations.Last(evaluation => evaluation.IsBest);
        Assert.True(best.Step > 20, $"{best}");
        Assert.True(best.Validation > 0 && best.Validation < 0.1 * evaluations[0].Validation, $"{evaluations[0]} to {best}");
        Assert.True(best.RelativeError < 0.2, $"{evaluations[0]} to {best}");
    }

    private static List<FitEvaluation> Run(FitRound fit)
    {
        var evaluations = new List<FitEvaluation>();
        var (_, kept) = fit.Run(progress =>
        {
            if (progress.Evaluation is { } evaluation && !evaluations.Contains(evaluation))
                evaluations.Add(evaluation);
        });
        Assert.Equal(kept, evaluations.Last(evaluation => evaluation.IsBest));
        return evaluations;
    }
}
