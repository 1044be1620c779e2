using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Optimizers;
using Nern.Tests.Representation;

namespace Nern.Tests.Fitting.Resuming;

public sealed class UnfinishedFitTests : IDisposable
{
    private readonly FitCase _case = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("nern-tests-").FullName;

    private static readonly FitOptions Options = FitCase.Options with
    {
        Budget = FitCase.Options.Budget with { Steps = 40, EvaluateEvery = 1 },
        Objective = FitCase.Options.Objective with { Warmup = 12 },
        Optimizer = FitCase.Options.Optimizer with { DecayFrom = 0.5, Plateau = 0.03, Averaging = 0.9 },
    };

    private string Path => System.IO.Path.Combine(_folder, "fit.checkpoint");

    public void Dispose()
    {
        _case.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW, 0)]
    [InlineData(OptimizerKind.AdamW, 5)]
    [InlineData(OptimizerKind.Ranger, 12)]
    [InlineData(OptimizerKind.Ranger, 13)]
    [InlineData(OptimizerKind.AdamW, 29)]
    [InlineData(OptimizerKind.Ranger, 39)]
    [InlineData(OptimizerKind.AdamW, 12, 0.3)]
    [InlineData(OptimizerKind.AdamW, 13, 0.3)]
    [InlineData(OptimizerKind.Ranger, 16, 0.3)]
    [InlineData(OptimizerKind.AdamW, 31, 0.05)]
    public void A_fit_that_stops_and_goes_on_ends_with_the_same_bits(OptimizerKind optimizer, long stopAt, double refresh = 1)
    {
        var options = Options with
        {
            Optimizer = Options.Optimizer with { Kind = optimizer },
            Sampling = Options.Sampling with { Refresh = refresh, Kernels = 10 },
        };
        var whole = Run(options, FitCase.Images(), null, null);

        Run(options, FitCase.Images(), null, stopAt);
        var resumed = Run(options, FitCase.Images(), UnfinishedFit.Load(Path), null);

        Assert.Equal(whole.Best, resumed.Best);
        Assert.Equal(whole.Last, resumed.Last);
        Assert.Equal((whole.BestStep, whole.Validation), (resumed.BestStep, resumed.Validation));
    }

    [Fact]
    public void A_fit_of_some_layers_goes_on_in_a_later_round()
    {
        var options = Options with
        {
            Predictor = Options.Predictor with { Layers = LayerSelection.Parse("conv2") },
            Budget = Options.Budget with { Rounds = 2 },
        };
        var whole = new Fit(_case.Engine, _case.Network, FitCase.Images(), options).Run().Best.Parameters.ToArray();
        using var stop = new CancellationTokenSource();

        new Fit(_case.Engine, _case.Network, FitCase.Images(), options).Run(
            progress =>
            {
                if (progress.Step == 29)
                    stop.Cancel();
            },
            stop.Token, new() { Path = Path, Minutes = 1000 });
        var resumed = new Fit(_case.Engine, _case.Network, FitCase.Images(), options).Run(resume: UnfinishedFit.Load(Path)).Best;

        Assert.Equal(whole, resumed.Parameters.ToArray());
        Assert.Equal(
            $"'{Path}' was made with another network, or other layers of it, than are given now.",
            Assert.Throws<NernException>(() => new Fit(
                _case.Engine, _case.Network, FitCase.Images(), options with
                {
                    Predictor = options.Predictor with { Layers = LayerSelection.All },
                }).Run(resume: UnfinishedFit.Load(Path))).Message);
    }

    [Fact]
    public void A_fit_can_stop_and_go_on_many_times()
    {
        var whole = Run(Options, FitCase.Images(), null, null);

        Run(Options, FitCase.Images(), null, 3);
        for (var stop = 7; stop < 40; stop += 9)
            Run(Options, FitCase.Images(), UnfinishedFit.Load(Path), stop);

        Assert.Equal(whole.Best, Run(Options, FitCase.Images(), UnfinishedFit.Load(Path), null).Best);
    }

    [Fact]
    public void A_fit_saves_its_predictions_only_where_they_cannot_be_made_again()
    {
        Assert.DoesNotContain("predictions", Saved(1, 20));
        Assert.DoesNotContain("predictions", Saved(0.3, 5));
        Assert.Contains("predictions", Saved(0.3, 20));

        IEnumerable<string> Saved(double refresh, long stopAt)
        {
            Run(Options with { Sampling = Options.Sampling with { Refresh = refresh } }, FitCase.Images(), null, stopAt);
            return UnfinishedFit.Load(Path).Snapshot.Arrays.Keys;
        }
    }

    [Fact]
    public void A_fit_that_diverges_and_keeps_earlier_predictions_ends_with_the_same_bits_if_it_stops_in_between()
    {
        var options = Options with
        {
            Budget = Options.Budget with { Steps = 300 },
            Objective = Options.Objective with { Warmup = 0 },
            Optimizer = Options.Optimizer with { Plateau = 0 },
            Sampling = Options.Sampling with { Refresh = 0.3, Kernels = 10 },
        };
        var whole = Run(options, Broken(280), null, null);

        Run(options, Broken(280), null, 270);
        var resumed = Run(options, Broken(10), UnfinishedFit.Load(Path), null);

        Assert.Equal(whole.Last, resumed.Last);

        // One image, so that where the images stand is no matter.
        FitInputs Broken(int step) => new(
            new GivenImages(_case.Shape, new float[_case.Shape.Count]) { BrokenAt = step * options.Inputs.Batch },
            _case.Inputs().Validation, null, null);
    }

    [Fact]
    public void A_fit_that_goes_on_and_diverges_goes_back_to_the_good_state_of_the_fit_before()
    {
        var options = Options with
        {
            Budget = Options.Budget with { Steps = 300 },
            Objective = Options.Objective with { Warmup = 0 },
            Optimizer = Options.Optimizer with { Plateau = 0 },
        };
        Run(options, Given(brokenAt: -1), null, 270);
        var notices = new List<string>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, Given(brokenAt: 10 * options.Inputs.Batch), options);
        fit.Resume(UnfinishedFit.Load(Path));

        fit.Run(progress => notices.AddRange(progress.Notice is { } notice ? [notice] : []));

        Assert.StartsWith("diverged at step 28", Assert.Single(notices));
        Assert.Contains("back to step 250 with the learning rate halved, 1 of 3 times", notices[0]);

        FitInputs Given(int brokenAt) =>
            new(new GivenImages(_case.Shape, new float[_case.Shape.Count]) { BrokenAt = brokenAt }, _case.Inputs().Validation, null, null);
    }

    [Fact]
    public void Other_options_are_refused_by_name()
    {
        Run(Options, FitCase.Images(), null, 5);

        var message = Assert.Throws<NernException>(
            () => Run(Options with
            {
                Predictor = Options.Predictor with { Hidden = 9 },
            }, FitCase.Images(), UnfinishedFit.Load(Path), null)).Message;

        Assert.Equal($"'{Path}' was made with other options: hidden was 8, but is 9 now.", message);
    }

    [Fact]
    public void Other_inputs_are_refused()
    {
        Run(Options, FitCase.Images(), null, 5);
        var aside = FitCase.Images().Validation.ToArray();
        aside[0] += 1;

        Assert.EndsWith(
            "was made with another network or other images than are given now.", Refusal(new(FitCase.Images().Images, aside, null, null)));
        Assert.EndsWith("noise was \"none\", but is \"uniform\" now.", Refusal(FitInputs.FromNoise(_case.Shape)));

        string Refusal(FitInputs inputs) =>
            Assert.Throws<NernException>(() => Run(Options, inputs, UnfinishedFit.Load(Path), null)).Message;
    }

    [Fact]
    public void Another_network_is_refused()
    {
        Run(Options, FitCase.Images(), null, 5);
        var weight = _case.Network.Values("linear.weight");
        weight[0] += 1;
        var other = _case.Network.With(new Dictionary<string, float[]> { ["linear.weight"] = weight });

        using var fit = FitRound.Prepare(_case.Engine, other, FitCase.Images(), Options);

        Assert.Throws<NernException>(() => fit.Resume(UnfinishedFit.Load(Path)));
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        Run(Options, FitCase.Images(), null, 5);
        var bytes = File.ReadAllBytes(Path);
        bytes[^9] ^= 1;
        File.WriteAllBytes(Path, bytes);

        Assert.Contains("was altered after it was written", Assert.Throws<NernException>(() => UnfinishedFit.Load(Path)).Message);
    }

    [Theory]
    [InlineData("\"hidden\":8", "\"hidden\":1e99999999999", "hidden was 1e99999999999, but is 8 now.")]
    [InlineData("\"hidden\":8", "\"hidden\":8,\"hidden\":8", "does not hold a fit that fits together")]
    [InlineData("\"hidden\":8", "\"hidden\":8,\"a\\nb\":1", "a?b was 1, but is not given now.")]
    public void Options_that_make_no_sense_are_refused(string option, string other, string message)
    {
        Run(Options, FitCase.Images(), null, 5);
        var bytes = NernBytes.Changed(
            File.ReadAllBytes(Path), metadata => metadata["nern.options"] = metadata["nern.options"].Replace(option, other));

        var found = Assert.Throws<NernException>(() => UnfinishedFit.Read(bytes, "x").Check(Options.ToJson(), "")).Message;

        Assert.StartsWith("'x' ", found);
        Assert.Contains(message, found);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_is_told_and_the_fit_goes_on()
    {
        var notices = new List<string>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, FitCase.Images(), Options);

        var (_, evaluation) = fit.Run(
            progress => notices.AddRange(progress.Notice is { } notice ? [notice] : []),
            saving: new(new() { Path = System.IO.Path.Combine(_folder, "missing", "fit.checkpoint"), Minutes = 0 }));

        Assert.Equal(40 + 1, notices.Count);
        Assert.All(notices, notice => Assert.Contains("could not be written", notice));
        Assert.True(evaluation.Step > 0);
    }

    [Fact]
    public void Checkpoints_are_written_at_their_interval_and_at_the_end()
    {
        var steps = new List<long>();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, FitCase.Images(), Options with
        {
            Budget = Options.Budget with { EvaluateEvery = 10 },
        });

        fit.Run(
            progress => steps.Add(File.Exists(Path) ? UnfinishedFit.Load(Path).Step : -1),
            saving: new(new() { Path = Path, Minutes = 0 }));

        Assert.Equal([10, 20, 30], steps.Where(step => step is 10 or 20 or 30).Distinct());
        Assert.Equal(40, UnfinishedFit.Load(Path).Step);
    }

    /// <summary>
    /// Runs to the end, or is asked to stop by its evaluation after some step; that evaluation and the one at the stop must not matter.
    /// </summary>
    private (float[] Best, float[] Last, long BestStep, double Validation) Run(
        FitOptions options, FitInputs inputs, UnfinishedFit? resume, long? stopAt)
    {
        using var stop = new CancellationTokenSource();
        if (stopAt == 0)
            stop.Cancel();
        using var fit = FitRound.Prepare(_case.Engine, _case.Network, inputs, options);
        if (resume is not null)
            fit.Resume(resume);
        var (best, evaluation) = fit.Run(
            progress =>
            {
                if (progress.Step == stopAt)
                    stop.Cancel();
            },
            stop.Token, new(new() { Path = Path, Minutes = 1000 }));
        return (best.Parameters.ToArray(), fit.Step.Predictor.Parameters.ToArray(), evaluation.Step, evaluation.Validation);
    }
}
