using Nern.Engine;
using Nern.Evaluation;
using Nern.Kernels;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Objectives;
using Nern.Optimizers;
using Nern.Training;

namespace Nern.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TrainCase _case = new();

    public void Dispose() => _case.Dispose();

    [SkippableTheory]
    [InlineData(OptimizerKind.Sgd, 0.05, Precision.Float32)]
    [InlineData(OptimizerKind.Sgd, 0.05, Precision.BFloat16)]
    [InlineData(OptimizerKind.AdamW, 0.01, Precision.Float32)]
    public void A_network_learns_what_can_be_learnt(OptimizerKind optimizer, double learningRate, Precision precision)
    {
        Skip.If(
            precision == Precision.BFloat16 && !_case.Engine.SupportsBFloat16,
            "oneDNN has no right bfloat16 on this processor.");
        var evaluations = new List<TrainEvaluation>();
        using var trainer = _case.Trainer(TrainCase.Options with
        {
            Epochs = 8,
            Optimizer = TrainCase.Options.Optimizer with { Kind = optimizer, LearningRate = learningRate },
            Precision = precision,
        });
        var (best, evaluation) = trainer.Run(progress =>
        {
            if (progress.Evaluation is { } last && last != evaluations.LastOrDefault())
                evaluations.Add(last);
        });

        Assert.Equal(Enumerable.Range(1, 8).Select(epoch => (double)epoch), evaluations.Select(e => e.Epoch));
        Assert.True(evaluations[^1].Loss < 0.5 * evaluations[0].Loss);
        Assert.True(evaluation.Test!.Value.Share > 0.9, $"The test accuracy is {evaluation.Test}.");
        using var classifier = new Classifier(_case.Engine, best);
        var inputs = TrainCase.Inputs();
        Assert.Equal(evaluation.Test, Accuracy.Of(classifier.Logits(inputs.Test!, inputs.Normalization), inputs.Test!.Labels));
    }

    [Fact]
    public void A_network_of_a_single_logit_learns_two_classes()
    {
        var nodes = _case.Graph.Nodes;
        var graph = new Graph([.. nodes.SkipLast(1), (Gemm)nodes[^1] with { Outputs = 1 }]);
        using var trainer = new Trainer(_case.Engine, graph, TrainCase.Inputs(classes: 2), TrainCase.Options with { Epochs = 12 });

        var (best, evaluation) = trainer.Run();

        Assert.True(evaluation.Test!.Value.Share > 0.9, $"The test accuracy is {evaluation.Test}.");
        Assert.Equal([1, 12], best.Tensors["linear.weight"].Shape);
        Assert.Equal(
            "The network tells 2 classes apart; the images have 4.",
            Assert.Throws<NernException>(() => new Trainer(_case.Engine, graph, TrainCase.Inputs(), TrainCase.Options)).Message);
    }

    [Fact]
    public void The_epoch_that_is_kept_is_the_last_of_those_best_on_the_images_set_aside()
    {
        var evaluations = new List<TrainEvaluation>();
        using var trainer = _case.Trainer(TrainCase.Options with
        {
            Epochs = 6,
            Optimizer = TrainCase.Options.Optimizer with { LearningRate = 0.3 },
        });
        var (_, evaluation) = trainer.Run(progress => evaluations.Add(progress.Evaluation!));
        var best = evaluations.Where(e => e is not null).MaxBy(e => (e.Validation!.Value.Correct, e.Epoch))!;
        Assert.Equal(best.Epoch, evaluation.Epoch);
        Assert.Equal(16, evaluation.Validation!.Value.Count);
    }

    [Fact]
    public void With_no_images_set_aside_the_last_epoch_is_kept()
    {
        using var trainer = _case.Trainer(TrainCase.Options with { Validation = 0 });
        var (_, evaluation) = trainer.Run();
        Assert.Equal((3, null), (evaluation.Epoch, evaluation.Validation));
    }

    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others(Precision precision)
    {
        Skip.If(
            precision == Precision.BFloat16 && !_case.Engine.SupportsBFloat16,
            "oneDNN has no right bfloat16 on this processor.");
        var options = TrainCase.Options with
        {
            Precision = precision,
            Augmentation = TrainCase.Options.Augmentation with { Flip = true, Crop = 1 },
            Smoothness = 1e-3,
        };
        var first = _case.Train(options);
        Assert.Equal(first, _case.Train(options));
        Assert.NotEqual(first, _case.Train(options with { Seed = 4 }));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var trainer = _case.Trainer(TrainCase.Options with
        {
            Smoothness = 1e-3,
            LabelSmoothing = 0.1,
            Augmentation = TrainCase.Options.Augmentation with { Flip = true, Crop = 2 },
        });
        for (var i = 0; i < 5; i++)
            trainer.Step(0.01f);
        Allocation.AssertNone(5, () => trainer.Step(0.01f));
    }

    [Fact]
    public void The_regulariser_adds_its_gradient_at_the_convolutions_and_nothing_else()
    {
        const double Factor = 1e-3;
        using var plain = _case.Trainer(TrainCase.Options);
        using var smooth = _case.Trainer(TrainCase.Options with { Smoothness = Factor });
        var parameters = plain.Parameters;
        var expected = new float[parameters.Values.Length];
        var sum = 0.0;
        foreach (var layer in LearnableLayer.AllOf(_case.Graph))
        {
            var (offset, length) = (parameters.OffsetOf(layer.Weight), layer.Kernels * layer.KernelSize);
            sum += SmoothnessLoss.AddGradient(
                parameters.Values.Slice(offset, length), layer.Filters, layer.Channels, layer.KernelSize, (float)Factor,
                expected.AsSpan(offset, length));
        }
        plain.Step(0);
        smooth.Step(0);

        double[] added = [.. smooth.Parameters.Gradients.ToArray().Zip(plain.Parameters.Gradients.ToArray(), (s, p) => (double)s - p)];
        // What is left of a difference of float32 numbers of about 1.
        for (var i = 0; i < added.Length; i++)
            Assert.Equal(expected[i], added[i], 1e-6);
        Assert.Contains(expected, value => Math.Abs(value) > 1e-5);
        Assert.True(sum > 0);
    }

    [Fact]
    public void The_regulariser_makes_kernels_alike()
    {
        double Smoothness(double factor)
        {
            using var trainer = _case.Trainer(TrainCase.Options with { Epochs = 6, Smoothness = factor });
            var network = trainer.Run().Best;
            return LearnableLayer.AllOf(_case.Graph).Sum(
                layer => SmoothnessLoss.Of(network.Values(layer.Weight), layer.Filters, layer.Channels, layer.KernelSize));
        }

        Assert.True(Smoothness(1e-2) < 0.8 * Smoothness(0));
    }

    [Fact]
    public void An_early_end_yields_the_network_as_it_is_where_no_epoch_is_over()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var trainer = _case.Trainer(TrainCase.Options);
        var (network, evaluation) = trainer.Run(cancellation: stop.Token);
        Assert.Equal(0, evaluation.Epoch);
        Assert.Equal(TrainCase.Values(network),
            TrainCase.Values(trainer.Parameters.ToNetwork(trainer.Parameters.Values, trainer.Parameters.Statistics)));
    }

    [Fact]
    public void A_training_that_diverges_says_where_and_at_what_rate()
    {
        using var trainer = _case.Trainer(TrainCase.Options with
        {
            Epochs = 40,
            Optimizer = TrainCase.Options.Optimizer with { LearningRate = 100, WeightDecay = 1, WarmupEpochs = 0 },
        });
        var message = Assert.Throws<NernException>(() => trainer.Run()).Message;
        Assert.Matches("^The training diverged at step [0-9]+ \\(loss .*\\), at a learning rate of .*: try a lower one, or a longer warm-up\\.$", message);
    }

    [Fact]
    public void Images_that_do_not_fit_are_refused()
    {
        var inputs = TrainCase.Inputs();
        Assert.Contains("takes images of", Refusal(CifarResNet.Build(8), inputs, TrainCase.Options));
        Assert.Equal("A step takes 400 images; there are 112 to train on.",
            Refusal(_case.Graph, inputs, TrainCase.Options with { Batch = 400 }));
        Assert.Equal("A crop of 9 pixels is more than images of 8x8 have.", Refusal(_case.Graph, inputs, TrainCase.Options with
        {
            Augmentation = TrainCase.Options.Augmentation with { Crop = 9 },
        }));

        string Refusal(Graph graph, TrainInputs inputs, TrainOptions options) =>
            Assert.Throws<NernException>(() => new Trainer(_case.Engine, graph, inputs, options)).Message;
    }
}
