using System.Globalization;

namespace Nern.Mpi;

/// <summary>How <c>mpirun</c> has started this process, as it says in the environment: nothing of MPI is loaded to know it.</summary>
/// <param name="Rank">Which of the processes this is, from 0.</param>
/// <param name="Size">How many there are.</param>
/// <param name="LocalSize">How many of them are on this machine.</param>
public sealed record Launch(int Rank, int Size, int LocalSize)
{
    /// <summary>A process that <c>mpirun</c> has not started.</summary>
    public static Launch Alone { get; } = new(0, 1, 1);

    /// <summary>Whether there are other processes.</summary>
    public bool IsShared => Size > 1;

    /// <summary>Reads the environment of this process.</summary>
    /// <exception cref="NernException">It is Open MPI's.</exception>
    public static Launch OfProcess() => Of(Environment.GetEnvironmentVariable);

    /// <summary>Reads an environment.</summary>
    /// <param name="variable">Its variables; null for one that is not there.</param>
    /// <exception cref="NernException">It is Open MPI's.</exception>
    public static Launch Of(Func<string, string?> variable)
    {
        if (Number("OMPI_COMM_WORLD_SIZE") > 1)
            throw new NernException(
                "This mpirun is Open MPI's, whose library is another than MPICH's, which nern needs: install it with `apt-get install mpich` "
                + "and start with `mpirun.mpich`.");
        return Number("PMI_RANK") is { } rank && Number("PMI_SIZE") is { } size && rank >= 0 && rank < size
            ? new(rank, size, Math.Clamp(Number("MPI_LOCALNRANKS") ?? size, 1, size))
            : Alone;

        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
