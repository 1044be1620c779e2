using Nern.Sweeps;

namespace Nern.Cli.Shell;

/// <summary>What the process answers its caller.</summary>
internal static class ExitCode
{
    internal const int Success = 0;

    /// <summary>Something that should not happen: a bug.</summary>
    internal const int Failure = 1;

    /// <summary>The command line or a file named on it cannot be used.</summary>
    internal const int BadInput = 2;

    /// <summary>Ctrl-C.</summary>
    internal const int Interrupted = ChildProcess.Interrupted;
}
