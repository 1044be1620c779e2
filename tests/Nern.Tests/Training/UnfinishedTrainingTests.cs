using Nern.Optimizers;
using Nern.Training;

namespace Nern.Tests.Training;

public sealed class UnfinishedTrainingTests : IDisposable
{
    // 14 steps an epoch.
    private static readonly TrainOptions Options = TrainCase.Options with
    {
        Augmentation = TrainCase.Options.Augmentation with { Flip = true, Crop = 1 },
        Smoothness = 1e-3,
    };

    private readonly TrainCase _case = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("nern-tests-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "train.checkpoint");

    public void Dispose()
    {
        _case.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 0)]
    [InlineData(OptimizerKind.Sgd, 5)]
    [InlineData(OptimizerKind.Sgd, 14)]
    [InlineData(OptimizerKind.AdamW, 20)]
    [InlineData(OptimizerKind.Ranger, 28)]
    [InlineData(OptimizerKind.Muon, 31)]
    [InlineData(OptimizerKind.Sgd, 41)]
    public void A_training_that_stops_and_goes_on_ends_with_the_same_bits(OptimizerKind optimizer, long stopAt)
    {
        var options = Options with
        {
            Optimizer = Options.Optimizer with { Kind = optimizer, LearningRate = optimizer == OptimizerKind.Sgd ? 0.05 : 0.01 },
        };
        var (whole, evaluation) = Run(options, null, null);

        Run(options, null, stopAt);
        Assert.Equal(stopAt, UnfinishedTraining.Load(Path).Step);
        var (resumed, again) = Run(options, UnfinishedTraining.Load(Path), null);

        Assert.Equal(whole, resumed);
        Assert.Equal(evaluation with { Elapsed = default, ImagesPerSecond = 0 }, again with { Elapsed = default, ImagesPerSecond = 0 });
    }

    [Fact]
    public void A_training_can_stop_and_go_on_many_times()
    {
        var (whole, _) = Run(Options, null, null);
        Run(Options, null, 3);
        for (var stop = 9; stop < 42; stop += 6)
            Run(Options, UnfinishedTraining.Load(Path), stop);
        Assert.Equal(whole, Run(Options, UnfinishedTraining.Load(Path), null).Values);
    }

    [Fact]
    public void A_checkpoint_of_other_options_or_images_is_refused()
    {
        Run(Options, null, 3);
        var checkpoint = UnfinishedTraining.Load(Path);
        Assert.Equal(
            $"'{Path}' was made with other options: batch was 8, but is 16 now.",
            Assert.Throws<NernException>(() => _case.Trainer(Options with { Batch = 16 }, checkpoint)).Message);
        Assert.Equal(
            $"'{Path}' was made with another network or other images than are given now.",
            Assert.Throws<NernException>(() =>
                new Trainer(_case.Engine, _case.Graph, TrainCase.Inputs(seed: 9), Options, checkpoint)).Message);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        File.WriteAllText(Path, "no checkpoint");
        Assert.Contains("is not the checkpoint of a training", Assert.Throws<NernException>(() => UnfinishedTraining.Load(Path)).Message);
        Run(Options, null, 3);
        var bytes = File.ReadAllBytes(Path);
        bytes[^5] ^= 1;
        File.WriteAllBytes(Path, bytes);
        Assert.Contains("was altered after it was written", Assert.Throws<NernException>(() => UnfinishedTraining.Load(Path)).Message);
    }

    private (float[] Values, TrainEvaluation Evaluation) Run(TrainOptions options, UnfinishedTraining? resume, long? stopAt)
    {
        using var stop = new CancellationTokenSource();
        using var trainer = _case.Trainer(options, resume);
        if (stopAt == 0)
            stop.Cancel();
        var (best, evaluation) = trainer.Run(
            progress =>
            {
                // It stops after the next step.
                if (progress.Step + 1 == stopAt)
                    stop.Cancel();
            },
            stop.Token, new() { Path = Path, Minutes = 1000 });
        return (TrainCase.Values(best), evaluation);
    }
}
