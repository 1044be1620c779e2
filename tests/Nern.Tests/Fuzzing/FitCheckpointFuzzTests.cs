using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Tests.Fitting;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class FitCheckpointFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Altered_checkpoints_of_fits_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        using var subject = new FitCase();
        using var fit = new Fit(subject.Engine, subject.Network, subject.Inputs(), FitCase.Options);
        fit.Run(checkpoints: new() { Path = folder.File("fit.checkpoint"), Minutes = 0 });

        new FuzzRun(
            file =>
            {
                var checkpoint = FitCheckpoint.Read(file, "x");
                try
                {
                    checkpoint.Check(FitCase.Options, "others");
                }
                catch (NernException)
                {
                    // Of other work, as it is.
                }
            },
            output).Run([File.ReadAllBytes(folder.File("fit.checkpoint"))], SealedMutation.Alter);
    }
}
