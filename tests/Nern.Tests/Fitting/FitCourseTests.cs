using Nern.Data;
using Nern.Fitting;

namespace Nern.Tests.Fitting;

public sealed class FitCourseTests
{
    private static readonly FitOptions Options = new()
    {
        Budget = new() { Steps = 1000, Minutes = null, EvaluateEvery = 0 },
        Objective = new() { Warmup = null },
        Optimizer = new() { DecayFrom = 0, Plateau = 0, LearningRate = 0.8, DistillationLearningRate = 0.4, FinalLearningRate = 0 },
    };

    [Fact]
    public void Steps_end_a_fit()
    {
        var course = new FitCourse(Options with { Objective = Options.Objective with { Kd = 0, Fmd = 0 } });

        Assert.Equal(0.25, course.Used(250, TimeSpan.FromHours(9)));
        Assert.Equal(0.25, course.Position(250, TimeSpan.Zero));
        Assert.Equal((false, true, true), (Over(999), Over(1000), Over(1001)));
        Assert.Equal(1000, course.Steps);

        bool Over(long step) => course.IsOver(step, TimeSpan.Zero);
    }

    [Fact]
    public void Minutes_end_a_fit()
    {
        var course = new FitCourse(Options with { Budget = Options.Budget with { Steps = 0, Minutes = 2 } });

        Assert.Equal(0.5, course.Used(1_000_000, TimeSpan.FromMinutes(1)));
        Assert.False(course.IsOver(1_000_000, TimeSpan.FromSeconds(119)));
        Assert.True(course.IsOver(1, TimeSpan.FromSeconds(120)));
        Assert.Null(course.Steps);
    }

    [Theory]
    [InlineData(3, 3, "the time was enough for only 3 steps on the weights alone and 0 steps of distillation: ")]
    [InlineData(199, 200, "the time was enough for only 199 steps on the weights alone and 1 step of distillation: ")]
    [InlineData(1, 201, "the time was enough for only 1 step on the weights alone: ")]
    [InlineData(200, 399, "the time was enough for only 199 steps of distillation: ")]
    [InlineData(250, 250, "the time was enough for only 0 steps of distillation: ")]
    [InlineData(200, 400, null)]
    public void Phases_that_time_gave_fewer_steps_than_their_learning_rate_takes_to_rise_are_told(long joined, long steps, string? sentence)
    {
        var course = new FitCourse(Timed(2));
        if (joined < steps)
            course.Join(joined, TimeSpan.FromMinutes(1));

        var found = course.Shortfall(steps, TimeSpan.FromMinutes(2));

        Assert.Equal(sentence is null, found is null);
        Assert.StartsWith(sentence ?? "", found ?? "");
        Assert.Null(course.Shortfall(steps, TimeSpan.FromMinutes(1.9)));
    }

    [Fact]
    public void Few_steps_that_were_asked_for_are_no_shortfall()
    {
        var end = TimeSpan.FromMinutes(2);
        var late = new FitCourse(Timed(2, steps: 5));
        var byPlan = new FitCourse(Timed(2) with { Objective = Options.Objective with { Warmup = 50 } });
        byPlan.Join(50, TimeSpan.FromMinutes(1));
        var unwarmed = new FitCourse(Timed(2) with { Objective = Options.Objective with { Warmup = 0 } });
        unwarmed.Join(0, default);

        Assert.Null(new FitCourse(Options).Shortfall(5, end));
        Assert.Null(late.Shortfall(5, end));
        Assert.NotNull(late.Shortfall(4, end));
        Assert.Null(byPlan.Shortfall(250, end));
        Assert.Null(unwarmed.Shortfall(200, end));
        Assert.StartsWith("the time was enough for only 199 steps of distillation: ", unwarmed.Shortfall(199, end));
    }

    [Fact]
    public void A_fit_of_the_weights_alone_has_one_phase()
    {
        var course = new FitCourse(Timed(2) with { Objective = Options.Objective with { Kd = 0, Fmd = 0 } });

        Assert.Null(course.Shortfall(200, TimeSpan.FromMinutes(2)));
        Assert.StartsWith("the time was enough for only 199 steps on the weights alone: ", course.Shortfall(199, TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void Of_steps_and_minutes_the_first_to_be_used_up_decides()
    {
        var course = new FitCourse(Options with { Budget = Options.Budget with { Minutes = 2 } });

        Assert.Equal(0.5, course.Used(100, TimeSpan.FromMinutes(1)));
        Assert.Equal(0.9, course.Used(900, TimeSpan.FromMinutes(1)));
        Assert.Equal(1, course.Used(1000, TimeSpan.FromMinutes(9)));
    }

    [Fact]
    public void Twenty_evaluations_are_spread_over_the_budget()
    {
        var course = new FitCourse(Options);

        var due = Enumerable.Range(0, 1000).Where(step => Evaluates(course, step));

        // The twentieth is made at the end.
        Assert.Equal(Enumerable.Range(1, 19).Select(i => 50 * i), due);
    }

    [Fact]
    public void Evaluations_may_be_so_many_steps_apart_and_are_due_once()
    {
        var course = new FitCourse(Options with { Budget = Options.Budget with { EvaluateEvery = 300 } });

        Assert.Equal(
            [300, 600, 900],
            Enumerable.Range(0, 1000).SelectMany(step => new[] { step, step }).Where(step => Evaluates(course, step)));
    }

    [Fact]
    public void Whether_an_evaluation_is_due_is_the_same_however_often_it_is_asked()
    {
        var course = new FitCourse(Options);

        Assert.Equal((true, true), (course.IsEvaluationDue(50, TimeSpan.Zero), course.IsEvaluationDue(50, TimeSpan.Zero)));
    }

    [Fact]
    public void By_the_clock_evaluations_take_a_tenth_of_the_time()
    {
        var course = new FitCourse(Options with { Budget = Options.Budget with { Steps = 0, Minutes = 1 } });

        // Twenty are due, one in three seconds, but one takes four.
        course.CountEvaluation(10, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7));

        Assert.False(course.IsEvaluationDue(11, TimeSpan.FromSeconds(42)));
        Assert.True(course.IsEvaluationDue(12, TimeSpan.FromSeconds(43)));
    }

    [Fact]
    public void By_steps_alone_the_time_of_evaluations_is_no_matter()
    {
        var course = new FitCourse(Options);

        course.CountEvaluation(50, TimeSpan.FromSeconds(3), TimeSpan.FromHours(7));

        Assert.True(course.IsEvaluationDue(100, TimeSpan.FromHours(7)));
    }

    private static bool Evaluates(FitCourse course, long step)
    {
        var isDue = course.IsEvaluationDue(step, TimeSpan.Zero);
        if (isDue)
            course.CountEvaluation(step, TimeSpan.Zero, TimeSpan.Zero);
        return isDue;
    }

    [Theory]
    [InlineData(10L, 100, NoiseKind.None, 10)]
    [InlineData(10L, 100, NoiseKind.Uniform, 10)]
    [InlineData(0L, 100, NoiseKind.None, 0)]
    [InlineData(5000L, 100, NoiseKind.None, 100)]
    [InlineData(null, 99, NoiseKind.None, 33)]
    [InlineData(null, 90_000, NoiseKind.None, 30_000)]
    [InlineData(null, 90_000, NoiseKind.Fractal, 60_000)]
    public void Warming_up_takes_the_steps_asked_for_or_a_third_of_the_budget_and_two_thirds_on_noise(
        long? warmup, int steps, NoiseKind noise, int expected)
    {
        var course = new FitCourse(Options with
        {
            Budget = Options.Budget with { Steps = steps },
            Objective = Options.Objective with { Warmup = warmup },
            Inputs = new() { Noise = noise },
        });

        Assert.Equal(expected, Enumerable.Range(0, steps).Count(step => !course.IsWarmedUp(step, TimeSpan.Zero)));
    }

    [Fact]
    public void Warming_up_and_distilling_have_a_whole_schedule_each()
    {
        var course = new FitCourse(Options with { Objective = Options.Objective with { Warmup = 200 } });
        Assert.Equal([0.8f, 0.4f], new[] { 0, 100 }.Select(Rate));

        course.Join(200, TimeSpan.Zero);
        Assert.Equal([0.4f, 0.2f, 0, 0], new[] { 200, 600, 1000, 1001 }.Select(Rate));

        float Rate(int step) => course.LearningRate(step, TimeSpan.Zero);
    }

    [Fact]
    public void Without_a_warm_up_distilling_begins_at_the_first_learning_rate()
    {
        var course = new FitCourse(Options with { Objective = Options.Objective with { Warmup = 0 } });
        Assert.True(course.IsWarmedUp(0, TimeSpan.Zero));

        course.Join(0, TimeSpan.Zero);

        Assert.Equal(0.8f, course.LearningRate(0, TimeSpan.Zero));
    }

    [Fact]
    public void A_loss_that_keeps_falling_takes_the_whole_budget()
    {
        var course = new FitCourse(Options with
        {
            Objective = Options.Objective with { Kd = 0, Fmd = 0 },
            Optimizer = Options.Optimizer with { DecayFrom = 0.5, Plateau = 0.02 },
        });

        var end = Run(course, step => Math.Exp(-0.01 * step));

        Assert.Equal(1000, end);
    }

    [Fact]
    public void A_loss_that_stays_lets_the_rate_fall_at_once_and_ends_the_phase_early()
    {
        var course = new FitCourse(Options with
        {
            Objective = Options.Objective with { Kd = 0, Fmd = 0 },
            Optimizer = Options.Optimizer with { DecayFrom = 0.5, Plateau = 0.02 },
        });
        var rates = new List<float>();

        var end = Run(course, _ => 1, rates);

        // Two windows of 100 steps tell, after the first 200; the fall takes as long as what came before it.
        Assert.Equal(800, end);
        Assert.All(rates[..400], rate => Assert.Equal(0.8f, rate));
        Assert.Equal(0.4f, rates[600], 1e-5f);
        Assert.True(rates[^1] < 0.001f);
    }

    [Fact]
    public void A_course_goes_on_from_its_state()
    {
        var options = Options with
        {
            Objective = Options.Objective with { Kd = 0, Fmd = 0 },
            Optimizer = Options.Optimizer with { DecayFrom = 0.5, Plateau = 0.02 },
        };
        var first = new FitCourse(options);
        for (var step = 0; step < 150; step++)
            first.Count(new(1, 0, 0), step + 1, TimeSpan.Zero);

        var second = new FitCourse(options) { State = first.State };

        Assert.Equal(800, Run(second, _ => 1, first: 150));
    }

    private static long Run(FitCourse course, Func<long, double> loss, List<float>? rates = null, long first = 0)
    {
        var step = first;
        for (; !course.IsOver(step, TimeSpan.Zero); step++)
        {
            rates?.Add(course.LearningRate(step, TimeSpan.Zero));
            course.Count(new(loss(step), 0, 0), step + 1, TimeSpan.Zero);
        }
        return step;
    }

    private static FitOptions Timed(double minutes, long steps = 0) =>
        Options with { Budget = Options.Budget with { Steps = steps, Minutes = minutes } };
}
