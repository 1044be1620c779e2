using Nern.Cli.Display.Progress;
using Nern.Cli.Tests.Support;
using Nern.Evaluation;
using Nern.Fitting;

namespace Nern.Cli.Tests.Display.Progress;

public class LiveDisplayTests
{
    [Fact]
    public void The_last_state_and_the_best_one_are_shown()
    {
        using var output = new StringWriter();
        var display = new LiveDisplay<FitProgress>(
            LiveConsole.Writing(output), new FitView(new FitOptions
            {
                Budget = new() { Steps = 5000 },
                Objective = new() { Fmd = 0 },
            }, new Accuracy(932, 1017)));

        var result = display.Show(() =>
        {
            display.Preparing(0.5);
            display.Progress(SampleProgress.At(1000, 60, SampleProgress.Evaluation(1000, isBest: true)));
            display.Progress(SampleProgress.At(2500, 120, SampleProgress.Evaluation(2500, isBest: false)));
            return "done";
        });

        Assert.Equal("done", result);
        var text = output.ToString();
        Assert.Contains("50 %  putting kernels in order", text);
        Assert.Contains("50 %  step 2,500 of 5,000", text);
        Assert.Contains("fmd off", text);
        Assert.Contains("91.64 % (932 of 1017)", text);
        var last = text[text.LastIndexOf("original", StringComparison.Ordinal)..];
        Assert.Matches(@"last +2,500 +71\.29 %", last);
        Assert.Matches(@"best +1,000 +71\.29 %", last);
    }

    [Fact]
    public void A_stop_that_was_asked_for_is_shown()
    {
        using var output = new StringWriter();
        var display = new LiveDisplay<FitProgress>(LiveConsole.Writing(output), new FitView(new FitOptions { Budget = new() { Minutes = 1 } }, null));

        display.Show(() =>
        {
            display.Stopping();
            display.Progress(SampleProgress.At(1, 30));
            return 0;
        });

        Assert.Contains("50 %", output.ToString());
        Assert.Contains("stopping after this step", output.ToString());
    }

    [Fact]
    public void An_abandoned_display_shows_the_cursor_again()
    {
        using var output = new StringWriter();
        new LiveDisplay<FitProgress>(LiveConsole.Writing(output), new FitView(new FitOptions { Budget = new() { Minutes = 1 } }, null)).Abandon();

        Assert.Contains("\e[?25h", output.ToString());
    }
}
