using System.Reflection;
using System.Runtime.InteropServices;

namespace Nern.Mpi;

/// <summary>
/// Finds the native library for MPI.NET, which asks for Microsoft's by name: MPICH's has the same handles and functions.
/// </summary>
internal static class MpiLibrary
{
    private const string Variable = "NERN_MPI";

    /// <summary>A symbol that Open MPI alone has; some of its old versions bear the file name that MPICH's kin have.</summary>
    private const string OpenMpiSymbol = "ompi_mpi_comm_world";

    private static readonly Lock Gate = new();
    private static nint _library;

    /// <summary>Loads the library, once, and hands it to MPI.NET.</summary>
    /// <exception cref="NernException">There is none, or it is Open MPI's.</exception>
    internal static void Load()
    {
        lock (Gate)
        {
            if (_library != 0)
                return;
            var named = Environment.GetEnvironmentVariable(Variable);
            _library = Load(string.IsNullOrEmpty(named) ? Names() : [named]);
            NativeLibrary.SetDllImportResolver(typeof(MPI.Unsafe).Assembly, Resolve);
        }
    }

    /// <summary>Loads the first of some libraries that is there.</summary>
    /// <exception cref="NernException">There is none, or it is Open MPI's.</exception>
    internal static nint Load(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;
            if (NativeLibrary.TryGetExport(library, OpenMpiSymbol, out _))
                throw new NernException(
                    $"'{name}' is Open MPI's; nern needs MPICH's library: install it with `apt-get install mpich`, or name its file in {Variable}.");
            return library;
        }
        throw new NernException(
            $"mpirun has started this, yet MPICH's library could not be loaded (tried {string.Join(", ", names)}): install it with "
            + $"`apt-get install mpich`, or name its file in {Variable}.");
    }

    /// <summary>What it is called: MPICH's own name on Debian, and what it and those built on it are called elsewhere.</summary>
    private static string[] Names() =>
        OperatingSystem.IsWindows() ? ["msmpi.dll"]
        : OperatingSystem.IsMacOS() ? ["libmpi.12.dylib", "/opt/homebrew/lib/libmpi.12.dylib"]
        : ["libmpich.so.12", "libmpi.so.12"];

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name.StartsWith("msmpi", StringComparison.Ordinal) ? _library : 0;
}
