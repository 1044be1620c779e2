using System.Reflection;
using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>Finds the native libraries, and says what was tried and what to install when they are not there.</summary>
internal static partial class NativeLibraryResolver
{
    /// <summary>Enters a parallel region: GNU's interface to OpenMP, for which managed code needs no compiler.</summary>
    private const string OpenMpEntry = "GOMP_parallel";

    private static readonly Lazy<nint> OneDnn = new(
        () => LoadOneDnn(Environment.GetEnvironmentVariable("NERN_ONEDNN"), NativeLibraryNames.Here(), InstallCommand.Below("/")));

    private static readonly Lock Gate = new();
    private static bool _installed;

    /// <summary>Registers the resolver for this assembly; later calls do nothing.</summary>
    internal static void Install()
    {
        lock (Gate)
        {
            if (_installed)
                return;
            _installed = true;
            // Workers that spin long after each primitive steal the core from .NET threads; ~20 µs covers the gaps within a step.
            // Only the C environment reaches the OpenMP runtime, and only before that is loaded; a user's own setting wins.
            if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && !OperatingSystem.IsWindows())
                setenv("GOMP_SPINCOUNT", "10000", overwrite: 0);
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);
        }
    }

    /// <summary>Loads the file the user <paramref name="named"/>, or else the first of <paramref name="names"/> that is there.</summary>
    /// <exception cref="OneDnnException">There is none; the message says what was tried, and the command that installs it.</exception>
    internal static nint LoadOneDnn(string? named, NativeLibraryNames names, string? installCommand)
    {
        if (!string.IsNullOrEmpty(named))
            return LoadNamed(named);
        string[] candidates = [.. names.OneDnn()];
        foreach (var candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, out var library))
                return library;
        throw new OneDnnException(
            $"oneDNN could not be loaded (tried {string.Join(", ", candidates)}): "
            + (installCommand is null ? "install version 2.5 to 3.x," : $"install it with `{installCommand}`,")
            + " or name the library file in NERN_ONEDNN.");
    }

    /// <summary>
    /// The OpenMP runtime that <paramref name="oneDnn"/> runs on; one of <paramref name="names"/> where the system cannot tell.
    /// </summary>
    /// <exception cref="OneDnnException">There is none with GNU's interface.</exception>
    internal static nint LoadOpenMp(nint oneDnn, NativeLibraryNames names)
    {
        // A symbol is looked up in what the library depends on, too.
        if (NativeLibrary.TryGetExport(oneDnn, OpenMpEntry, out _))
            return oneDnn;
        string[] candidates = [.. names.OpenMp()];
        foreach (var candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, out var library) && NativeLibrary.TryGetExport(library, OpenMpEntry, out _))
                return library;
        throw new OneDnnException(
            $"No OpenMP runtime with {OpenMpEntry} could be loaded (tried oneDNN's own, {string.Join(", ", candidates)}): "
            + "oneDNN built on GNU's or LLVM's is needed; name its library file in NERN_ONEDNN.");
    }

    private static nint LoadNamed(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new OneDnnException($"NERN_ONEDNN names '{path}', which could not be loaded: {exception.Message}", exception);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        Native.Library => OneDnn.Value,
        OpenMp.Library => LoadOpenMp(OneDnn.Value, NativeLibraryNames.Here()),
        _ => 0,
    };

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
