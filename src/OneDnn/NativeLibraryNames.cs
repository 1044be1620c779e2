using System.Globalization;
using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>What oneDNN and the OpenMP runtime are called on a system, and where they lie; newest versions first.</summary>
/// <param name="system">The operating system.</param>
/// <param name="folders">Where libraries lie; those that do not exist are passed over.</param>
internal sealed class NativeLibraryNames(OSPlatform system, IReadOnlyList<string> folders)
{
    /// <summary>Those of this machine.</summary>
    internal static NativeLibraryNames Here()
    {
        var system = OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux;
        return new(system, Folders(system, "/", Environment.GetEnvironmentVariable));
    }

    /// <summary>Names for the loader, and files, of oneDNN.</summary>
    internal IEnumerable<string> OneDnn() =>
        system == OSPlatform.Windows ? ["dnnl.dll", "libdnnl.dll"]
        : system == OSPlatform.OSX ? WithFolders("libdnnl.3.dylib", "libdnnl.2.dylib", "libdnnl.dylib")
        : ["libdnnl.so.3", .. Versions("libdnnl.so.3."), "libdnnl.so.2", .. Versions("libdnnl.so.2."), "libdnnl.so"];

    /// <summary>The same of an OpenMP runtime with GNU's interface, which LLVM's has too.</summary>
    internal IEnumerable<string> OpenMp() =>
        system == OSPlatform.Windows ? ["libgomp-1.dll"]
        : system == OSPlatform.OSX ? WithFolders("libomp.dylib", "libgomp.1.dylib")
        : ["libgomp.so.1", "libomp.so.5", "libomp.so"];

    /// <summary>Where a system keeps libraries, below <paramref name="root"/>, after what its loader's variable names.</summary>
    internal static IReadOnlyList<string> Folders(OSPlatform system, string root, Func<string, string?> variable)
    {
        if (system == OSPlatform.Windows)
            return [];
        var named = variable(system == OSPlatform.OSX ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH") ?? "";
        string[] usual = system == OSPlatform.OSX
            ? ["opt/homebrew/lib", "opt/homebrew/opt/libomp/lib", "usr/local/lib", "usr/local/opt/libomp/lib"]
            : ["usr/local/lib", "usr/lib64", "usr/lib"];
        var library = Path.Combine(root, "usr/lib");
        return
        [
            .. named.Split(':', StringSplitOptions.RemoveEmptyEntries),
            // Debian's, one for each architecture; what is of another does not load.
            .. system == OSPlatform.OSX || !Directory.Exists(library) ? [] : Directory.GetDirectories(library, "*-linux-gnu*"),
            .. usual.Select(folder => Path.Combine(root, folder)),
        ];
    }

    // Debian's libdnnl3.6 has no libdnnl.so.3, and a loader takes no pattern.
    private IEnumerable<string> Versions(string prefix) =>
        from folder in folders
        where Directory.Exists(folder)
        from file in Directory.GetFiles(folder)
        let name = Path.GetFileName(file)
        where name.StartsWith(prefix, StringComparison.Ordinal)
        let version = VersionOf(name[prefix.Length..])
        where version is not null
        orderby version descending
        select file;

    // Homebrew's folder is none that the loader of macOS looks into.
    private IEnumerable<string> WithFolders(params string[] names) =>
        from name in names
        from place in (string[])[name, .. folders.Select(folder => Path.Combine(folder, name)).Where(File.Exists)]
        select place;

    private static Version? VersionOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? new Version(minor, 0)
        : Version.TryParse(text, out var version) ? version : null;
}
