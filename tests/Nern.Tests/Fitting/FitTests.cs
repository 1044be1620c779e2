using Nern.Data;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Fitting.Sampling;
using Nern.Networks;
using Nern.Optimizers;
using Nern.Prediction;
using Nern.Representation;

namespace Nern.Tests.Fitting;

public sealed class FitTests : IDisposable
{
    private readonly FitCase _case = new();

    public void Dispose() => _case.Dispose();

    [Theory]
    [InlineData(OptimizerKind.Ranger, SamplingKind.Magnitude)]
    [InlineData(OptimizerKind.AdamW, SamplingKind.All)]
    [InlineData(OptimizerKind.Ranger, SamplingKind.Magnitude, 0.2)]
    public void All_losses_fall(OptimizerKind optimizer, SamplingKind sampling, double refresh = 1)
    {
        var options = FitCase.Options with
        {
            Predictor = FitCase.Options.Predictor with { Hidden = 40 },
            Budget = FitCase.Options.Budget with { Steps = refresh < 1 ? 150 : 50, EvaluateEvery = 150 },
            Optimizer = FitCase.Options.Optimizer with { Kind = optimizer, LearningRate = 0.1 },
            Sampling = FitCase.Options.Sampling with { Kind = sampling, Kernels = refresh < 1 ? 40 : 256, Refresh = refresh },
        };
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options);
        var first = fit.Step.Run(FitCase.Options.Objective.Weights, 0);

        fit.Run();

        var last = fit.Step.Run(FitCase.Options.Objective.Weights, 0);
        Assert.True(last.Reconstruction < 0.95 * first.Reconstruction, $"{first} to {last}");
        Assert.True(last.Kd < 0.9 * first.Kd, $"{first} to {last}");
        Assert.True(last.Fmd < 0.9 * first.Fmd, $"{first} to {last}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.2)]
    public void The_seed_decides_every_bit(double refresh)
    {
        var options = FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Steps = 3, EvaluateEvery = 3 },
            Sampling = FitCase.Options.Sampling with { Kernels = 10, Refresh = refresh },
        };
        var parameters = Parameters(options);
        Assert.Equal(refresh == 1, parameters.SequenceEqual(Parameters(options with { Sampling = options.Sampling with { Refresh = 1 } })));
        Assert.Equal(parameters, Parameters(options));
        Assert.NotEqual(parameters, Parameters(options with { Seed = 4 }));

        float[] Parameters(FitOptions options)
        {
            using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options);
            return fit.Run().Best.Parameters.ToArray();
        }
    }

    [Fact]
    public void The_representation_is_complete()
    {
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options);

        var (best, evaluation) = fit.Run();

        var network = best.Reconstruct(_case.Engine);
        Assert.Equal(_case.Network.Tensors.Keys, network.Tensors.Keys);
        var (errors, weights) = (0.0, 0.0);
        foreach (var (name, tensor) in _case.Network.Tensors)
            if (best.Design!.Layout.Layers.All(layer => layer.Weight != name))
                Assert.Same(tensor, network.Tensors[name]);
            else
            {
                errors += tensor.ToFloats().Zip(network.Values(name), (x, y) => Math.Pow(x - (double)y, 2)).Sum();
                weights += tensor.ToFloats().Sum(x => (double)x * x);
            }
        Assert.Equal(Math.Sqrt(errors / weights), evaluation.RelativeError, 1e-5);
        Assert.Equal("8", best.Provenance.Options!["hidden"]!.ToString());
        Assert.Equal("crossFilter", best.Provenance.Options["ordering"]!.ToString());
    }

    [Theory]
    [InlineData("conv1", true)]
    [InlineData("-conv1", true)]
    [InlineData("conv2", false)]
    public void Layers_that_are_not_selected_stay_as_they_are(string layers, bool distils)
    {
        var options = FitCase.Options with
        {
            Predictor = FitCase.Options.Predictor with { Layers = LayerSelection.Parse(layers) },
            Objective = FitCase.Options.Objective with { Kd = distils ? 0.01 : 0, Fmd = distils ? 0.01 : 0 },
        };
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options);

        var (best, evaluation) = fit.Run();

        var selected = options.Predictor.Layers.Of(_case.Network.Graph);
        Assert.Equal(selected, best.Design!.Layout.Layers);
        Assert.Equal(selected.Select(layer => layer.Name), evaluation.LayerErrors.Select(error => error.Layer));
        var network = best.Reconstruct(_case.Engine);
        Assert.All(_case.Network.Tensors, tensor => Assert.Equal(
            selected.All(layer => layer.Weight != tensor.Key), ReferenceEquals(tensor.Value, network.Tensors[tensor.Key])));
        Assert.Equal(layers, (string?)best.Provenance.Options!["layers"]);
        Assert.Equal(
            evaluation.RelativeError, WeightError.Sum(WeightError.OfLayers(_case.Network, network, selected)).Relative, 1e-6);
    }

    [Fact]
    public void The_best_of_all_evaluations_is_kept()
    {
        var evaluations = new List<FitEvaluation>();
        // So quick a rate that the last parameters are seldom the best.
        var options = FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Steps = 12, EvaluateEvery = 1 },
            Optimizer = FitCase.Options.Optimizer with { LearningRate = 5, FinalLearningRate = 5 },
        };
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options);

        var (best, evaluation) = fit.Run(progress => Add(evaluations, progress.Evaluation));

        Assert.Equal(12, evaluations.Count);
        Assert.Equal(evaluations.MinBy(e => e.Validation), evaluation);
        Assert.Same(evaluation, evaluations.Last(e => e.IsBest));
        var bestSoFar = double.PositiveInfinity;
        foreach (var e in evaluations)
        {
            Assert.Equal(e.Validation < bestSoFar, e.IsBest);
            bestSoFar = Math.Min(bestSoFar, e.Validation);
        }
        Assert.Equal(evaluation.Validation, Validation(best), 1e-5);

        double Validation(NeuralRepresentation representation)
        {
            using var original = new Classifier(_case.Engine, _case.Network);
            using var reconstruction = new Classifier(_case.Engine, representation.Reconstruct(_case.Engine));
            var images = _case.Inputs().Validation.Span;
            return Agreement.Of(original.Logits(images), reconstruction.Logits(images), 4).MeanDivergence;
        }
    }

    [Fact]
    public void Test_images_are_evaluated_and_choose_nothing()
    {
        var random = new Generator(8);
        var test = new ImageSet([.. Enumerable.Range(0, 20 * 192).Select(_ => (byte)random.NextInt32(256))], new int[20], 3, 8, 8, 4);
        var normalization = Normalization.ImageNet;
        var inputs = new FitInputs(_case.Inputs().Images, _case.Inputs().Validation, test, normalization);
        using var with = FitRound.Prepare(_case.Engine, _case.Network, inputs, FitCase.Options);
        using var without = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options);

        var (best, evaluation) = with.Run();

        Assert.Equal(20, evaluation.Accuracy!.Value.Count);
        Assert.Equal(20, evaluation.Agreement!.Value.Count);
        Assert.Equal(normalization.Mean, best.Provenance.Mean);
        var (other, plain) = without.Run();
        Assert.Null(plain.Accuracy);
        Assert.Equal(best.Parameters.ToArray(), other.Parameters.ToArray());
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        Assert.Equal(
            "Distillation needs inputs: images or noise.",
            Refused(new FitInputs(null, _case.Inputs().Validation, null, null), FitCase.Options));
        Assert.Contains("takes images of 3x8x8; these are 3x8x9", Refused(FitInputs.FromNoise(new(3, 8, 9)), FitCase.Options));
        Assert.Contains("the nearest name is 'conv1'", Refused(_case.Inputs(), FitCase.Options with
        {
            Predictor = FitCase.Options.Predictor with { Layers = LayerSelection.Parse("conv3") },
        }));
        Assert.Contains("Hidden", Refused(_case.Inputs(), FitCase.Options with
        {
            Predictor = FitCase.Options.Predictor with { Hidden = 0 },
        }), StringComparison.OrdinalIgnoreCase);
        var weight = new float[_case.Network.Tensors["conv1.weight"].Count];
        weight[5] = float.NaN;
        var broken = _case.Network.With(new Dictionary<string, float[]> { ["conv1.weight"] = weight });
        Assert.Contains(
            "finite", Assert.Throws<NernException>(() => FitRound.Prepare(_case.Engine, broken, _case.Inputs(), FitCase.Options)).Message);

        string Refused(FitInputs inputs, FitOptions options) => Assert.Throws<NernException>(() =>
        {
            using var fit = FitRound.Prepare(_case.Engine, _case.Network, inputs, options);
            fit.Run();
        }).Message;
    }

    [Fact]
    public void Options_that_ask_for_other_noise_than_the_inputs_are_are_refused()
    {
        Assert.Equal("The options ask for Uniform noise; the inputs are images.", Refusal(_case.Inputs(), NoiseKind.Uniform));
        Assert.Equal(
            "The options ask for Uniform noise; the inputs are Fractal noise.",
            Refusal(FitInputs.FromNoise(_case.Shape, NoiseKind.Fractal), NoiseKind.Uniform));

        string Refusal(FitInputs inputs, NoiseKind noise) => Assert.Throws<NernException>(
            () => new Fit(_case.Engine, _case.Network, inputs, With(noise)).Run()).Message;
    }

    [Theory]
    [InlineData(NoiseKind.None)]
    [InlineData(NoiseKind.Uniform)]
    public void The_noise_that_was_distilled_on_is_recorded(NoiseKind asked)
    {
        var (best, _) = new Fit(_case.Engine, _case.Network, FitInputs.FromNoise(_case.Shape, NoiseKind.Uniform), With(asked)).Run();

        Assert.Equal("uniform", (string?)best.Provenance.Options!["noise"]);
    }

    private static FitOptions With(NoiseKind noise) => FitCase.Options with { Inputs = FitCase.Options.Inputs with { Noise = noise } };

    private static void Add(List<FitEvaluation> evaluations, FitEvaluation? evaluation)
    {
        if (evaluation is not null && !evaluations.Contains(evaluation))
            evaluations.Add(evaluation);
    }
}
