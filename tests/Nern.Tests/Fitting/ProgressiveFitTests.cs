using Nern.Fitting;

namespace Nern.Tests.Fitting;

public sealed class ProgressiveFitTests : IDisposable
{
    private readonly FitCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void One_round_is_a_plain_fit()
    {
        using var plain = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options);

        var (best, _) = new Fit(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options).Run();

        Assert.Equal(plain.Run().Best.Parameters.ToArray(), best.Parameters.ToArray());
    }

    [Fact]
    public void A_round_fits_the_weights_that_the_round_before_gave()
    {
        var options = FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Rounds = 2, Steps = 12 },
            Objective = FitCase.Options.Objective with { Kd = 0, Fmd = 0 },
        };
        using var first = FitRound.Prepare(_case.Engine, _case.Network, _case.Inputs(), options with
        {
            Budget = options.Budget with { Steps = 6 },
        });
        var target = first.Run().Best.Reconstruct();
        using var second = FitRound.Prepare(_case.Engine, target, _case.Inputs(), options with
        {
            Budget = options.Budget with { Steps = 6 },
            Seed = options.Seed + 1,
        });
        var reports = new List<(long Step, string Phase)>();

        var (best, evaluation) = new Fit(_case.Engine, _case.Network, _case.Inputs(), options)
            .Run(progress => reports.Add((progress.Step, progress.Phase)));

        Assert.Equal(second.Run().Best.Parameters.ToArray(), best.Parameters.ToArray());
        Assert.Equal([2, 4, 6, 8, 10, 12], reports.Select(report => report.Step).Distinct());
        Assert.Equal("round 2 of 2, reconstructing", reports[^1].Phase);
        Assert.InRange(evaluation.Step, 7, 12);
    }

    [Fact]
    public void Cancelled_in_a_round_it_returns_what_that_round_has()
    {
        using var stop = new CancellationTokenSource();
        var (_, evaluation) = new Fit(_case.Engine, _case.Network, _case.Inputs(), FitCase.Options with
        {
            Budget = FitCase.Options.Budget with { Rounds = 3, Steps = 18 },
        }).Run(
            progress =>
            {
                if (progress.Step == 8)
                    stop.Cancel();
            },
            stop.Token);

        Assert.InRange(evaluation.Step, 7, 9);
    }
}
