using Nern.Data;
using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.Objectives;
using Nern.Optimizers;
using Nern.Ranks;
using Nern.Runs;
using Nern.Tests.Fitting;

namespace Nern.Tests.Ranks;

public sealed class SharedFitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    [InlineData(2, 0.3)]
    [InlineData(3, 0.3)]
    public void Losses_of_a_hundred_steps_do_not_depend_on_the_number_of_ranks(int size, double refresh)
    {
        var options = FitCase.Options with { Sampling = FitCase.Options.Sampling with { Refresh = refresh } };
        var alone = ThreadRanks.Run(1, ranks => Steps(ranks, options))[0];

        var shared = ThreadRanks.Run(size, ranks => Steps(ranks, options));

        Assert.All(shared, losses => Assert.Equal(shared[0], losses));
        Assert.All(alone.Zip(shared[0]), pair =>
        {
            Assert.Equal(pair.First.Reconstruction, pair.Second.Reconstruction, 1e-4 * pair.First.Reconstruction);
            Assert.Equal(pair.First.Kd, pair.Second.Kd, 1e-4 * Math.Abs(pair.First.Kd));
            Assert.Equal(pair.First.Fmd, pair.Second.Fmd, 1e-4 * pair.First.Fmd);
        });
        Assert.True(alone[^1].Reconstruction < alone[0].Reconstruction);
    }

    [Theory]
    [InlineData(OptimizerKind.Ranger)]
    [InlineData(OptimizerKind.Muon)]
    public void All_ranks_come_to_the_same_bits_and_again_to_the_same(OptimizerKind optimizer)
    {
        var first = ThreadRanks.Run(3, ranks => Fit(ranks, optimizer: optimizer).Parameters);
        var second = ThreadRanks.Run(3, ranks => Fit(ranks, optimizer: optimizer).Parameters);

        Assert.All(first.Concat(second), parameters => Assert.Equal(first[0], parameters));
    }

    [Fact]
    public void Evaluations_count_every_test_image_once()
    {
        var alone = ThreadRanks.Run(1, ranks => Fit(ranks, inputs: Tested()))[0];

        var shared = ThreadRanks.Run(3, ranks => Fit(ranks, inputs: Tested()));

        Assert.Equal(25, alone.Evaluation.Accuracy!.Value.Count);
        Assert.All(shared, fit =>
        {
            Assert.Equal(alone.OriginalAccuracy, fit.OriginalAccuracy);
            Assert.Equal(25, fit.Evaluation.Accuracy!.Value.Count);
            Assert.Equal(25, fit.Evaluation.Agreement!.Value.Count);
            Assert.Equal(alone.Evaluation.Agreement!.Value.MeanDivergence, fit.Evaluation.Agreement.Value.MeanDivergence, 1e-3);
            Assert.Equal(alone.Evaluation.Validation, fit.Evaluation.Validation, 1e-3);
            Assert.Equal(alone.Evaluation.RelativeError, fit.Evaluation.RelativeError, 1e-3);
        });
    }

    [Fact]
    public void A_fit_that_one_rank_stops_goes_on_with_as_many_to_the_same_bits_and_with_others_nearby()
    {
        var whole = ThreadRanks.Run(2, ranks => Fit(ranks).Parameters)[0];
        ThreadRanks.Run(2, ranks => Fit(ranks, stopsAt: ranks.Rank == 1 ? 30 : null, save: true).Parameters);
        var bytes = File.ReadAllBytes(_folder.File("state"));
        Assert.InRange(UnfinishedFit.Load(_folder.File("state")).Step, 20, 40);

        var resumed = ThreadRanks.Run(2, ranks => Fit(ranks, resume: bytes).Parameters);
        var others = ThreadRanks.Run(3, ranks => Fit(ranks, resume: bytes).Parameters);

        Assert.All(resumed, parameters => Assert.Equal(whole, parameters));
        Assert.All(whole.Zip(others[2]), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void Ranks_that_fit_different_networks_notice()
    {
        var failure = Assert.Throws<AggregateException>(() => ThreadRanks.Run(2, ranks => Fit(ranks, logits: 4 + ranks.Rank, seed: (ulong)ranks.Rank)));

        Assert.All(failure.InnerExceptions, inner => Assert.Contains("different parameters by step 0", inner.Message));
    }

    private static FitInputs Tested()
    {
        var random = new Generator(4);
        ImageSet Set(int images) => new(
            [.. Enumerable.Range(0, images * 192).Select(_ => (byte)random.NextInt32(256))], new int[images], 3, 8, 8, 4);
        return FitInputs.FromImages(Set(40), new Normalization([0.5f, 0.5f, 0.5f], [0.3f, 0.3f, 0.3f]), Set(25));
    }

    private static Losses[] Steps(Communicator ranks, FitOptions options)
    {
        using var subject = new FitCase();
        using var round = FitRound.Prepare(subject.Engine, subject.Network, subject.Inputs(), options, ranks: ranks);
        return
        [
            .. Enumerable.Range(0, 100).Select(step =>
                round.Step.Run(step < 50 ? LossWeights.WarmingUp : options.Objective.Weights, 1e-3f)),
        ];
    }

    private Result Fit(
        Communicator ranks, FitInputs? inputs = null, int? stopsAt = null, bool save = false, byte[]? resume = null, int logits = 4,
        ulong seed = 3, OptimizerKind optimizer = OptimizerKind.Ranger)
    {
        using var subject = new FitCase(logits);
        using var stop = new CancellationTokenSource();
        var fit = new Fit(subject.Engine, subject.Network, inputs ?? FitCase.Images(), FitCase.Options with
        {
            Budget = new() { Steps = 60, EvaluateEvery = 10 },
            Optimizer = FitCase.Options.Optimizer with { Kind = optimizer },
            Seed = seed,
        }, ranks: ranks);
        var accuracy = fit.OriginalAccuracy;
        var saving = save ? new SavingOptions { Path = _folder.File("state"), Minutes = 0 } : null;
        var unfinished = resume is null ? null : UnfinishedFit.Read(resume, "state");
        var (best, evaluation) = fit.Run(
            progress =>
            {
                if (progress.Step >= stopsAt)
                    stop.Cancel();
            }, stop.Token, saving, unfinished);
        return new([.. best.Parameters.Span], evaluation, accuracy);
    }

    private sealed record Result(float[] Parameters, FitEvaluation Evaluation, Nern.Evaluation.Accuracy? OriginalAccuracy);
}
