using Nern.Engine;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Fitting.Sampling;
using Nern.Kernels;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn.Tests.References;
using Nern.Optimizers;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Prediction;

namespace Nern.Tests.Fitting;

public sealed class FitRunTests : IDisposable
{
    private readonly FitCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void The_learning_rate_rises_at_the_start_and_again_when_distillation_joins()
    {
        var rates = new Dictionary<long, double>();
        var options = FitCase.Options with
        {
            Objective = FitCase.Options.Objective with { Warmup = 3 },
            Budget = FitCase.Options.Budget with { EvaluateEvery = 1 },
            Optimizer = FitCase.Options.Optimizer with { LearningRate = 0.02, DistillationLearningRate = 0.02, FinalLearningRate = 0.02 },
        };
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options);

        fit.Run(progress => rates[progress.Step] = progress.LearningRate);

        // Both rise over 200 steps.
        Assert.Equal([1, 2, 3, 1, 2, 3], rates.OrderBy(rate => rate.Key).Select(rate => Math.Round(rate.Value / 0.02 * 200, 3)));
    }

    [Fact]
    public void Cancellation_ends_the_fit_after_the_step_and_returns_what_there_is()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<long>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Steps = 1_000_000 },
        });

        var (best, evaluation) = fit.Run(
            progress =>
            {
                steps.Add(progress.Step);
                if (progress.Step == 4)
                    source.Cancel();
            },
            source.Token);

        // The evaluation after step 4 asked for the end, or the report before it.
        Assert.InRange(steps[^1], 4, 5);
        Assert.InRange(evaluation.Step, 2, 5);
        Assert.Equal(best.Design!.Shape.ParameterCount, best.Parameters.Length);
    }

    [Fact]
    public void A_fit_cancelled_at_once_returns_its_beginning()
    {
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options);
        var first = fit.Step.Predictor.Parameters.ToArray();

        var (best, evaluation) = fit.Run(cancellation: new CancellationToken(canceled: true));

        Assert.Equal(0, evaluation.Step);
        Assert.Equal(first, best.Parameters.ToArray());
    }

    [Fact]
    public void Where_they_are_stored_the_means_of_filters_are_those_of_the_original()
    {
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with
        {
            Predictor = FitCase.Options.Predictor with { FilterMeans = FilterMeans.Stored },
        });

        var (best, evaluation) = fit.Run();

        var reconstruction = best.Reconstruct();
        foreach (var layer in best.Design!.Layout.Layers)
            foreach (var (expected, actual) in Filters(_case.Network, layer).Zip(Filters(reconstruction, layer)))
            {
                Assert.NotEqual(expected, actual);
                Assert.Equal(expected.Average(), actual.Average(), 1e-6);
            }
        // What the fit has evaluated is what the file gives.
        Assert.Equal(WeightError.Sum(WeightError.OfLayers(_case.Network, reconstruction, best.Design.Layout.Layers)).Relative, evaluation.RelativeError, 1e-9);

        static IEnumerable<float[]> Filters(Network network, LearnableLayer layer) =>
            network.Values(layer.Weight).Chunk(layer.Channels * layer.KernelSize);
    }

    [Fact]
    public void A_fit_that_runs_out_of_time_too_early_says_so_at_its_end_alone()
    {
        // So short that it is over before the first step, or behind it where the clock has not moved.
        var options = FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Steps = 0, Minutes = 1e-9 },
            Objective = FitCase.Options.Objective with { Warmup = null },
        };
        Assert.Matches(
            "^the time was enough for only (0 steps|1 step) on the weights alone and (0 steps|1 step) of distillation: ",
            Assert.Single(NoticesOf(options, default)));
        Assert.Empty(NoticesOf(options, new CancellationToken(canceled: true)));
        Assert.Empty(NoticesOf(FitCase.Options, default));

        List<string> NoticesOf(FitOptions how, CancellationToken cancellation)
        {
            var notices = new List<string>();
            using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), how);
            fit.Run(progress => notices.AddRange(progress.Notice is { } notice ? [notice] : []), cancellation);
            return notices;
        }
    }

    [Fact]
    public void Minutes_end_a_fit()
    {
        FitProgress? last = null;
        var options = FitCase.Options with { Budget = FitCase.Options.Budget with { Steps = 0, Minutes = 0.3 / 60, EvaluateEvery = 0 } };
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options);

        fit.Run(progress => last = progress);

        Assert.True(last!.Elapsed >= TimeSpan.FromSeconds(0.3));
        Assert.True(last.Step > 0);
        Assert.Null(last.Steps);
        Assert.Equal(TimeSpan.Zero, last.Remaining);
    }

    [Fact]
    public void Warming_up_uses_no_images()
    {
        var images = new GivenImages(_case.Shape, new float[_case.Shape.Count]);
        var inputs = new FitInputs(images, _case.Inputs().Validation, null, null);
        var given = new List<(long Step, string Phase, int Images)>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, inputs, FitCase.Options with
        {
            Objective = FitCase.Options.Objective with { Warmup = 3 },
            Budget = FitCase.Options.Budget with { Steps = 5, EvaluateEvery = 1 },
        });

        fit.Run(progress => given.Add((progress.Step, progress.Phase, images.Given)));

        Assert.Equal(
            [(1, "warming up", 0), (2, "warming up", 0), (3, "warming up", 0), (4, "distilling", 4), (5, "distilling", 8)],
            given.Distinct());
    }

    [Fact]
    public void Without_distillation_no_images_are_asked_for()
    {
        var inputs = new FitInputs(new ForbiddenImages(_case.Shape), _case.Inputs().Validation, null, null);
        var phases = new HashSet<string>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, inputs, FitCase.Options with
        {
            Objective = FitCase.Options.Objective with { Kd = 0, Fmd = 0 },
        });

        var (_, evaluation) = fit.Run(progress => phases.Add(progress.Phase));

        Assert.Equal(["reconstructing"], phases);
        Assert.True(double.IsFinite(evaluation.Validation));
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.Float32, 0.3)]
    [InlineData(Precision.Float32, 1, 1)]
    public void From_step_to_step_nothing_is_allocated(Precision precision, double refresh = 1, int logits = 4)
    {
        Skip.IfNot(precision == Precision.Float32 || _case.Engine.SupportsBFloat16, "oneDNN has no right bfloat16 on this processor.");
        var images = new GivenImages(_case.Shape, new float[_case.Shape.Count]);
        using var network = new FitCase(logits);
        using var fit = FitRound.Prepare(
            network.Engine, network.Network, new FitInputs(images, _case.Inputs().Validation, null, null),
            FitCase.Options with
            {
                Precision = precision,
                Sampling = FitCase.Options.Sampling with { Refresh = refresh },
                Budget = FitCase.Options.Budget with { Steps = 10, EvaluateEvery = 1000 },
                Objective = FitCase.Options.Objective with { Warmup = 0 },
            });

        fit.Run();

        Assert.Equal(10 * FitCase.Options.Inputs.Batch, images.Allocated.Count);
        // A thread may have its first share late, and the runtime may compile anew: one jump each is not a step's.
        foreach (var thread in images.Allocated.GroupBy(entry => entry.Thread))
            Assert.InRange(thread.Skip(2 * FitCase.Options.Inputs.Batch).Select(entry => entry.Bytes).Distinct().Count(), 0, 2);
    }

    [Theory]
    [InlineData(ReconstructionLossForm.RootMeanSquare)]
    [InlineData(ReconstructionLossForm.NormOverCount)]
    [InlineData(ReconstructionLossForm.MeanSquare)]
    public void A_step_without_distillation_takes_the_gradient_of_the_loss_on_the_weights(ReconstructionLossForm form)
    {
        // At a learning rate of 0 the parameters stay, and this optimiser leaves the gradient as it is.
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with
        {
            Sampling = new() { Kind = SamplingKind.All },
            Optimizer = FitCase.Options.Optimizer with { Kind = OptimizerKind.AdamW },
            Objective = FitCase.Options.Objective with { ReconstructionForm = form },
        });
        var (predictor, target) = (fit.Step.Predictor, fit.Step.Target);
        int[] all = [.. Enumerable.Range(0, predictor.Kernels)];

        var losses = fit.Step.Run(LossWeights.WarmingUp, 0);

        var actual = PredictorCase.Doubles(predictor.Gradient);
        predictor.PredictBatch(all, all.Length);
        var error = target.SquaredError(predictor.Output[..target.Rows.Length].ToArray());
        var (loss, factor) = ReconstructionLoss.Of(error, target.Layout.WeightCount, form);
        Assert.Equal(loss, losses.Reconstruction, 1e-5 * loss);
        predictor.OutputGradient.Clear();
        target.WriteGradient(all, predictor.Output, factor, predictor.OutputGradient);
        predictor.Backward();
        Closeness.AssertClose(PredictorCase.Doubles(predictor.Gradient), actual, 1e-5);
    }

    [Fact]
    public void A_step_without_distillation_allocates_nothing()
    {
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options);
        fit.Step.Run(LossWeights.WarmingUp, 1e-3f);
        Allocation.AssertNone(5, () => fit.Step.Run(LossWeights.WarmingUp, 1e-3f));
    }

    [Fact]
    public void A_fit_that_diverges_goes_back_and_halves_the_learning_rate_three_times_and_then_says_at_which_step()
    {
        // A feature that is not a number reaches the losses as soon as distillation joins.
        var weight = _case.Network.Values("linear.weight");
        weight[3] = float.NaN;
        var broken = _case.Network.With(new Dictionary<string, float[]> { ["linear.weight"] = weight });
        var options = FitCase.Options with
        {
            Objective = FitCase.Options.Objective with { Warmup = 3 },
            Budget = FitCase.Options.Budget with { EvaluateEvery = 100 },
            Optimizer = FitCase.Options.Optimizer with { DistillationLearningRate = 0.002 },
        };
        var notices = new List<string>();
        using var fit = FitRound.Prepare(_case.Engine, broken, _case.Inputs(), options);

        var message = Assert.Throws<NernException>(
            () => fit.Run(progress => notices.AddRange(progress.Notice is { } notice ? [notice] : []))).Message;

        Assert.Equal(
            Enumerable.Range(1, 3).Select(
                i => $"diverged at step 4 (kd loss NaN): back to step 3 with the learning rate halved, {i} of 3 times"),
            notices);
        Assert.Equal(
            "The fit diverged at step 4 (kd loss NaN) for the fourth time, at a learning rate of 0.000188: try lower rates, or smaller weights of distillation.",
            message);
    }

    [Fact]
    public void Where_the_losses_of_distillation_double_the_fit_goes_back_with_half_the_learning_rate_three_times_and_then_goes_on()
    {
        // A hundred steps of faint images, a hundred of strong ones, and so on; the rate is too low to learn anything.
        var random = new Generator(7);
        var values = RandomNetwork.Uniform(200 * FitCase.Options.Inputs.Batch * _case.Shape.Count, random);
        float[] images = [.. values.Select((value, i) => (float)value * (i < values.Length / 2 ? 0.1f : 10))];
        var options = FitCase.Options with
        {
            Objective = FitCase.Options.Objective with { Warmup = 2, Kd = 1, Fmd = 0 },
            Budget = FitCase.Options.Budget with { Steps = 390, EvaluateEvery = 390 },
            Optimizer = FitCase.Options.Optimizer with { DistillationLearningRate = 1e-6 },
        };
        var notices = new List<string>();
        using var fit = FitRound.Prepare(
            _case.Engine, _case.Network, new(new GivenImages(_case.Shape, images), _case.Inputs().Validation, null, null), options);

        var evaluation = fit.Run(progress => notices.AddRange(progress.Notice is { } notice ? [notice] : [])).Evaluation;

        Assert.Equal(3, notices.Count);
        foreach (var (i, notice) in notices.Index())
            Assert.Matches(
                @"^diverged at step (1|2)[0-9][0-9] \(the losses of distillation have risen\): back to step 2 with the learning rate halved, "
                + $"{i + 1} of 3 times$",
                notice);
        Assert.Equal(390, evaluation.Step);
    }

    [Fact]
    public void A_fit_that_diverges_once_goes_on_from_the_last_good_state()
    {
        var steps = new List<(long Step, double Rate)>();
        var images = new GivenImages(_case.Shape, new float[_case.Shape.Count]) { BrokenAt = 300 * FitCase.Options.Inputs.Batch };
        var options = FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Steps = 320, EvaluateEvery = 1 },
            Optimizer = FitCase.Options.Optimizer with { DecayFrom = 1, Plateau = 0 },
        };
        using var fit = FitRound.Prepare(
            _case.Engine, _case.Network, new FitInputs(images, _case.Inputs().Validation, null, null), options);

        var (_, evaluation) = fit.Run(progress => steps.Add((progress.Step, progress.LearningRate)));

        Assert.True(double.IsFinite(evaluation.Validation));
        Assert.Equal(FitCase.Options.InitialLearningRate, steps.Last(step => step.Step == 300).Rate * 2, 1e-6);
        Assert.Equal((320, 2), (steps[^1].Step, steps.Count(step => step.Step == 260)));
    }
}
