using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>Finds the native libraries, and says what was tried and what to install when they are not there.</summary>
internal static partial class NativeLibraryResolver
{
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
            // Only the C environment reaches libgomp, and only before it is loaded; a user's own setting wins.
            if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
                setenv("GOMP_SPINCOUNT", "10000", overwrite: 0);
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);
        }
    }

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path) => name switch
    {
        "dnnl" => Load("oneDNN 2", "libdnnl2", Environment.GetEnvironmentVariable("NERN_ONEDNN"), "libdnnl.so.2", "libdnnl.so"),
        "gomp" => Load("the GNU OpenMP runtime", "libgomp1", null, "libgomp.so.1"),
        _ => 0,
    };

    /// <summary>The first of <paramref name="candidates"/> that loads.</summary>
    /// <exception cref="OneDnnException">None does; the message names them all and the package to install.</exception>
    internal static nint Load(string what, string package, params ReadOnlySpan<string?> candidates)
    {
        var tried = new List<string>();
        foreach (var candidate in candidates)
        {
            if (string.IsNullOrEmpty(candidate))
                continue;
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
            tried.Add(candidate);
        }
        throw new OneDnnException(
            $"{char.ToUpperInvariant(what[0])}{what[1..]} could not be loaded (tried {string.Join(", ", tried)} on the loader's path): install it with "
            + $"`apt-get install {package}`" + (package == "libdnnl2" ? ", or name the library file in NERN_ONEDNN." : "."));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
