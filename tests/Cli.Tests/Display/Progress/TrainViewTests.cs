using Nern.Cli.Display.Progress;
using Nern.Cli.Tests.Support;
using Nern.Evaluation;
using Nern.Training;

namespace Nern.Cli.Tests.Display.Progress;

public class TrainViewTests
{
    [Fact]
    public void The_last_epoch_and_the_best_one_are_shown_with_the_time_left()
    {
        using var output = new StringWriter();
        var display = new LiveDisplay<TrainProgress>(LiveConsole.Writing(output), new TrainView());

        display.Show(() =>
        {
            display.Progress(At(100, Evaluation(1, 60, isBest: true)));
            display.Progress(At(250, Evaluation(2, 50, isBest: false)) with { Notice = "the disk is full" });
            display.Stopping();
            display.Progress(At(260, Evaluation(2, 50, isBest: false)));
            return 0;
        });

        var text = output.ToString();
        Assert.Contains(" 62 %  epoch 2.5 of 4", text);
        Assert.Contains("left 0:00:30   images/s 640   loss 1.25   lr 0.05", text);
        Assert.Contains("the disk is full", text);
        Assert.Contains("stopping after this step", text);
        var last = text[text.LastIndexOf("epoch", StringComparison.Ordinal)..];
        Assert.Matches(@"last +2 +1\.5 +40\.00 % +50\.00 % \(50 of 100\)", last);
        Assert.Matches(@"best +1 +1\.5 +40\.00 % +60\.00 % \(60 of 100\)", last);
    }

    private static TrainProgress At(long step, TrainEvaluation evaluation) => new(
        step, 400, step / 100.0, 4, 1.25, 0.05, 640, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30), evaluation);

    private static TrainEvaluation Evaluation(double epoch, int correct, bool isBest) => new(
        epoch, TimeSpan.FromSeconds(10), 1.5, 640, 0.4, 0, new Accuracy(correct, 100), null, isBest);
}
