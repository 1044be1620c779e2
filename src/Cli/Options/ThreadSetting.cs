using System.CommandLine;
using Nern.Mpi;
using Nern.OneDnn;

namespace Nern.Cli.Options;

/// <summary>How many threads a command computes on.</summary>
internal sealed class ThreadSetting
{
    private const int Most = 1024;

    private readonly Option<int?> _threads = Setting.OptionalNumber<int>(
        "--threads", "N",
        "Threads to compute on (default: a thread for each core that the process may use, or OMP_NUM_THREADS; ranks on one machine share "
        + "its cores).");

    /// <summary>The option, under a heading.</summary>
    internal OptionGroup Group => new("Machine", [_threads]);

    /// <summary>Computes on as many threads as are asked for, on this thread, which every command works on.</summary>
    /// <exception cref="NernException">The number is out of range.</exception>
    internal void Apply(ParseResult result, Launch launch)
    {
        if (result.GetValue(_threads) is { } threads)
        {
            if (threads is < 1 or > Most)
                throw new NernException($"--threads must be between 1 and {Most}; got {threads}.");
            ParallelRegion.UseThreads(threads);
        }
        else if (launch.IsShared && Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
            ParallelRegion.UseThreads(Math.Max(1, Environment.ProcessorCount / launch.LocalSize));
    }
}
