using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Tests.Fitting;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class UnfinishedFitFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Altered_checkpoints_of_fits_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        using var subject = new FitCase();
        using var fit = FitRound.Prepare(subject.Engine, subject.Network, subject.Inputs(), FitCase.Options);
        fit.Run(saving: new(new() { Path = folder.File("fit.checkpoint"), Minutes = 0 }));

        new FuzzRun(
            file =>
            {
                var checkpoint = UnfinishedFit.Read(file, "x");
                try
                {
                    checkpoint.Check(FitCase.Options.ToJson(), "others");
                }
                catch (NernException)
                {
                    // Of other work, as it is.
                }
            },
            output).Run([File.ReadAllBytes(folder.File("fit.checkpoint"))], SealedMutation.Alter);
    }
}
