using Nern.Cli.Display.Progress;
using Nern.Evaluation;

namespace Nern.Cli.Tests.Display.Progress;

public class PlainFitDisplayTests
{
    [Fact]
    public void One_line_for_each_evaluation_and_one_every_ten_seconds()
    {
        using var output = new StringWriter();
        var display = new PlainFitDisplay(output, new Accuracy(932, 1017));
        var evaluation = SampleProgress.Evaluation(40, isBest: true);

        display.Show(() =>
        {
            display.Preparing(0.2);
            display.Preparing(1);
            display.Progress(SampleProgress.At(1, 0.5));
            display.Progress(SampleProgress.At(20, 10.2));
            display.Progress(SampleProgress.At(30, 15));
            display.Progress(SampleProgress.At(40, 20.1, evaluation));
            display.Progress(SampleProgress.At(50, 29, evaluation));
            display.Progress(SampleProgress.At(60, 31, evaluation));
            return 0;
        });

        Assert.Equal(
            """
            original: accuracy 91.64 % (932 of 1017)
            ordering kernels: 100 %
            0:00:10  step 20 of 5000  distilling  reconstruction 0.01235  kd 0.5  fmd 2.25  lr 0.0049  512 images/s  0:03:00 left
            0:00:20  step 40 of 5000  accuracy 71.29 % (725 of 1017)  agreement 73.06 %  KL 0.75  EVALUATION
            0:00:31  step 60 of 5000  distilling  reconstruction 0.01235  kd 0.5  fmd 2.25  lr 0.0049  512 images/s  0:03:00 left

            """,
            // Shortened, to fit the page.
            output.ToString().Replace("validation KL 0.7312  weight error 0.3712  best so far", "EVALUATION", StringComparison.Ordinal));
    }
}
