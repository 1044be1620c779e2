using System.Reflection;
using System.Runtime.InteropServices;

namespace Nern.Imaging;

/// <summary>Finds the native libraries, and says what was tried and what to install when they are not there.</summary>
internal static class NativeLibraryResolver
{
    static NativeLibraryResolver() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);

    /// <summary>Loads both libraries.</summary>
    /// <exception cref="DllNotFoundException">One is not there; the message says what to do.</exception>
    internal static void LoadAll()
    {
        _ = Resolve(TurboJpeg.Library);
        _ = Resolve(Png.Library);
    }

    /// <summary>Registers the resolver for this assembly, at the first call.</summary>
    internal static void Install()
    {
    }

    /// <summary>The first of <paramref name="candidates"/> that loads.</summary>
    /// <exception cref="DllNotFoundException">None does; the message names them all and the package to install.</exception>
    internal static nint Load(string what, string package, params ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
        throw new DllNotFoundException(
            $"{what} could not be loaded (tried {string.Join(", ", candidates!)} on the loader's path): install it with `apt-get install {package}`.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => Resolve(name);

    private static nint Resolve(string name) => name switch
    {
        TurboJpeg.Library => Load("libjpeg-turbo's TurboJPEG", "libturbojpeg0", "libturbojpeg.so.0", "libturbojpeg.so"),
        Png.Library => Load("libpng 1.6", "libpng16-16", "libpng16.so.16", "libpng16.so"),
        _ => 0,
    };
}
