using Nern.Mpi;
using Nern.Ranks;

namespace Nern.Cli.Shell;

/// <summary>The ranks that this process is one of, where <c>mpirun</c> has started it; MPI is loaded when a command asks for them.</summary>
/// <param name="launch">How the process was started.</param>
internal sealed class ProcessRanks(Launch launch)
{
    private MpiCommunicator? _opened;

    /// <summary>How the process was started.</summary>
    internal Launch Launch => launch;

    /// <summary>Whether this is the rank that shows and writes.</summary>
    internal bool IsFirst => launch.Rank == 0;

    /// <summary>What the ranks meet in.</summary>
    /// <exception cref="NernException">MPI could not be loaded.</exception>
    internal Communicator Open() => launch.IsShared ? _opened ??= new MpiCommunicator(launch) : new SingleRank();

    /// <summary>The work is done on all ranks, as soon as all have said so.</summary>
    internal void Finish() => _opened?.Finish();

    /// <summary>The end of the process: where it comes too early, the other ranks end too instead of waiting for this one.</summary>
    /// <param name="code">What it answers.</param>
    /// <returns>The same.</returns>
    internal int End(int code)
    {
        if (_opened is { IsFinished: false })
            MpiCommunicator.Abort(code);
        return code;
    }
}
