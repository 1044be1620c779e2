using System.Collections.Frozen;
using System.Runtime.InteropServices;
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

    /// <summary>Ctrl-C, or the end of a child's input.</summary>
    internal const int Interrupted = ChildProcess.Interrupted;

    /// <summary>What is answered after each signal that asks for an early end.</summary>
    internal static FrozenDictionary<PosixSignal, int> OfSignals { get; } = new Dictionary<PosixSignal, int>
    {
        [PosixSignal.SIGINT] = Interrupted,
        [PosixSignal.SIGTERM] = ChildProcess.Terminated,
        [PosixSignal.SIGHUP] = ChildProcess.HungUp,
    }.ToFrozenDictionary();
}
