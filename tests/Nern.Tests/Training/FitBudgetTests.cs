using Nern.Training;

namespace Nern.Tests.Training;

public sealed class FitBudgetTests
{
    private static readonly FitOptions Options = new() { Steps = 1000, Warmup = null, Minutes = null, EvaluateEvery = 0 };

    [Fact]
    public void Steps_end_a_fit()
    {
        var budget = new FitBudget(Options with { Kd = 0, Fmd = 0 });

        Assert.Equal(0.25, budget.Used(250, TimeSpan.FromHours(9)));
        Assert.Equal(FitBudget.ScheduleSteps / 4, budget.Position(250, TimeSpan.Zero));
        Assert.Equal((false, true, true), (Spent(999), Spent(1000), Spent(1001)));
        Assert.Equal(1000, budget.Steps);

        bool Spent(long step) => budget.IsSpent(step, TimeSpan.Zero);
    }

    [Fact]
    public void Minutes_end_a_fit()
    {
        var budget = new FitBudget(Options with { Steps = 0, Minutes = 2 });

        Assert.Equal(0.5, budget.Used(1_000_000, TimeSpan.FromMinutes(1)));
        Assert.False(budget.IsSpent(1_000_000, TimeSpan.FromSeconds(119)));
        Assert.True(budget.IsSpent(1, TimeSpan.FromSeconds(120)));
        Assert.Null(budget.Steps);
    }

    [Fact]
    public void Of_steps_and_minutes_the_first_to_be_used_up_decides()
    {
        var budget = new FitBudget(Options with { Minutes = 2 });

        Assert.Equal(0.5, budget.Used(100, TimeSpan.FromMinutes(1)));
        Assert.Equal(0.9, budget.Used(900, TimeSpan.FromMinutes(1)));
        Assert.Equal(1, budget.Used(1000, TimeSpan.FromMinutes(9)));
    }

    [Fact]
    public void Twenty_evaluations_are_spread_over_the_budget()
    {
        var budget = new FitBudget(Options);

        var due = Enumerable.Range(0, 1000).Where(step => budget.IsEvaluationDue(step, TimeSpan.Zero));

        // The twentieth is made at the end.
        Assert.Equal(Enumerable.Range(1, 19).Select(i => 50 * i), due);
    }

    [Fact]
    public void Evaluations_may_be_so_many_steps_apart()
    {
        var budget = new FitBudget(Options with { EvaluateEvery = 300 });

        Assert.Equal([300, 600, 900], Enumerable.Range(0, 1000).Where(step => budget.IsEvaluationDue(step, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData(10L, 100, 10)]
    [InlineData(0L, 100, 0)]
    [InlineData(5000L, 100, 100)]
    [InlineData(null, 100, 25)]
    [InlineData(null, 100_000, 2000)]
    public void Warming_up_takes_the_steps_asked_for_or_2000_or_a_quarter_of_the_budget(long? warmup, int steps, int expected)
    {
        var budget = new FitBudget(Options with { Steps = steps, Warmup = warmup });

        Assert.Equal(expected, Enumerable.Range(0, steps).Count(step => !budget.IsWarmedUp(step, TimeSpan.Zero)));
    }

    [Fact]
    public void Warming_up_and_distilling_have_a_whole_schedule_each()
    {
        var budget = new FitBudget(Options with { Warmup = 200 });
        Assert.Equal([0, 0.5, 1], new[] { 0, 100, 200 }.Select(Position));

        budget.Join(200, TimeSpan.Zero);
        Assert.Equal([0, 0.5, 1, 1], new[] { 200, 600, 1000, 1001 }.Select(Position));

        double Position(int step) => Math.Round((double)budget.Position(step, TimeSpan.Zero) / FitBudget.ScheduleSteps, 5);
    }
}
