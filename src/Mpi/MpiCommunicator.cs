using System.Text;
using Nern.Ranks;
using static MPI.Unsafe;

namespace Nern.Mpi;

/// <summary>
/// All processes that <c>mpirun</c> has started. Calls go to MPI.NET's imports of the C functions, with memory in place: nothing is copied
/// or allocated on the way. To be used by one thread at a time.
/// </summary>
public sealed unsafe class MpiCommunicator : Communicator
{
    // MPI_IN_PLACE and MPI_THREAD_SERIALIZED, which MPI.NET has no name for; MPICH's and Microsoft's are the same.
    private const nint InPlace = -1;
    private const int Serialized = 2;

    private readonly int[] _counts, _starts;

    /// <summary>Starts MPI, which can be done once in a process.</summary>
    /// <param name="launch">How the process was started.</param>
    /// <exception cref="NernException">There is no library, or it does not go with the <c>mpirun</c> that started this.</exception>
    public MpiCommunicator(Launch launch)
    {
        MpiLibrary.Load();
        var argumentCount = 0;
        byte** arguments = null;
        Check(MPI_Init_thread(ref argumentCount, ref arguments, Serialized, out _), nameof(MPI_Init_thread));
        // Failures come back to be told in a sentence.
        Check(MPI_Errhandler_set(MPI_COMM_WORLD, MPI_ERRORS_RETURN), nameof(MPI_Errhandler_set));
        Check(MPI_Comm_rank(MPI_COMM_WORLD, out var rank), nameof(MPI_Comm_rank));
        Check(MPI_Comm_size(MPI_COMM_WORLD, out var size), nameof(MPI_Comm_size));
        if ((rank, size) != (launch.Rank, launch.Size))
            throw new NernException(
                $"mpirun says that this is rank {launch.Rank} of {launch.Size}, the MPI library that it is rank {rank} of {size}: "
                + "both have to be of one MPICH.");
        (Rank, Size) = (rank, size);
        (_counts, _starts) = (new int[size], new int[size]);
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size { get; }

    /// <summary>Whether <see cref="Finish"/> was called.</summary>
    public bool IsFinished { get; private set; }

    /// <inheritdoc/>
    public override void Sum(Span<float> values)
    {
        fixed (float* data = values)
            Check(MPI_Allreduce(InPlace, (nint)data, values.Length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD), nameof(MPI_Allreduce));
    }

    /// <inheritdoc/>
    public override void Sum(Span<double> values) => Reduce(values, MPI_SUM);

    /// <inheritdoc/>
    public override void Max(Span<double> values) => Reduce(values, MPI_MAX);

    /// <inheritdoc/>
    public override void Gather(Span<float> rows, int width)
    {
        var count = rows.Length / width;
        for (var rank = 0; rank < Size; rank++)
        {
            var (first, end) = ShareOf(rank, count);
            (_starts[rank], _counts[rank]) = (first * width, (end - first) * width);
        }
        fixed (float* data = rows)
            Check(
                MPI_Allgatherv(InPlace, 0, MPI_FLOAT, (nint)data, _counts, _starts, MPI_FLOAT, MPI_COMM_WORLD), nameof(MPI_Allgatherv));
    }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> values)
    {
        fixed (byte* data = values)
            Check(MPI_Bcast((nint)data, values.Length, MPI_BYTE, 0, MPI_COMM_WORLD), nameof(MPI_Bcast));
    }

    /// <summary>Ends MPI, once all ranks have come to it.</summary>
    public void Finish()
    {
        IsFinished = true;
        Check(MPI_Finalize(), nameof(MPI_Finalize));
    }

    /// <summary>Ends all ranks, which answer <paramref name="code"/>.</summary>
    public static void Abort(int code) => _ = MPI_Abort(MPI_COMM_WORLD, code);

    private static void Reduce(Span<double> values, int operation)
    {
        fixed (double* data = values)
            Check(MPI_Allreduce(InPlace, (nint)data, values.Length, MPI_DOUBLE, operation, MPI_COMM_WORLD), nameof(MPI_Allreduce));
    }

    /// <exception cref="NernException">A call has failed, most likely since a rank or the way to it is gone.</exception>
    private static void Check(int status, string call)
    {
        if (status == MPI_SUCCESS)
            return;
        var text = new byte[MPI_MAX_ERROR_STRING];
        var length = 0;
        _ = MPI_Error_string(status, text, ref length);
        throw new NernException($"{call} has failed, as when another rank has ended: {Encoding.UTF8.GetString(text, 0, length)}");
    }
}
