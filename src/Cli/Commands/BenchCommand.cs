using System.CommandLine;

namespace Nern.Cli.Commands;

/// <summary><c>nern bench</c>: how fast the parts are on this machine.</summary>
internal sealed class BenchCommand : Command
{
    internal BenchCommand(Terminal terminal)
        : base("bench", """
            Measures how fast this machine does the work that takes the time.

            Networks have random weights and images are noise, so no files are needed.
            """)
    {
        Add(new BenchStepCommand(terminal));
        Add(new BenchOrderCommand(terminal));
        Add(new BenchReconstructCommand(terminal));
    }
}
