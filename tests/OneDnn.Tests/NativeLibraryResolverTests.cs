using System.Runtime.InteropServices;

namespace Nern.OneDnn.Tests;

public sealed class NativeLibraryResolverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nern-resolver-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_library_is_reported_with_what_was_tried_and_the_command_that_installs_it()
    {
        var message = Assert.Throws<OneDnnException>(
            () => NativeLibraryResolver.LoadOneDnn(null, Nowhere(OSPlatform.OSX), "brew install onednn")).Message;
        Assert.Equal(
            "oneDNN could not be loaded (tried libdnnl.3.dylib, libdnnl.2.dylib, libdnnl.dylib): install it with `brew install onednn`,"
            + " or name the library file in NERN_ONEDNN.",
            message);
    }

    [Fact]
    public void Where_no_package_manager_is_known_the_versions_are_named() =>
        Assert.Contains(
            "install version 2.5 to 3.x, or name",
            Assert.Throws<OneDnnException>(() => NativeLibraryResolver.LoadOneDnn("", Nowhere(OSPlatform.Windows), null)).Message);

    [Fact]
    public void A_file_that_is_no_library_is_passed_over_and_one_that_is_taken()
    {
        File.WriteAllText(Path.Combine(_folder, "libdnnl.dylib"), "no library");
        var names = new NativeLibraryNames(OSPlatform.OSX, [_folder]);
        Assert.Throws<OneDnnException>(() => NativeLibraryResolver.LoadOneDnn(null, names, null));
        File.CreateSymbolicLink(Path.Combine(_folder, "libdnnl.2.dylib"), LoadedLibrary());
        Assert.True(NativeLibrary.TryGetExport(NativeLibraryResolver.LoadOneDnn(null, names, null), "dnnl_version", out _));
    }

    [Fact]
    public void A_file_that_the_user_names_is_not_replaced_by_another()
    {
        var file = Path.Combine(_folder, "libdnnl.so.3");
        var message = Assert.Throws<OneDnnException>(() => NativeLibraryResolver.LoadOneDnn(file, NativeLibraryNames.Here(), null)).Message;
        Assert.StartsWith($"NERN_ONEDNN names '{file}', which could not be loaded: ", message);
    }

    [Fact]
    public void The_openmp_runtime_is_the_one_that_onednn_depends_on()
    {
        var oneDnn = NativeLibrary.Load(LoadedLibrary());
        Assert.Equal(oneDnn, NativeLibraryResolver.LoadOpenMp(oneDnn, Nowhere(OSPlatform.Windows)));
    }

    [Fact]
    public void Without_an_openmp_runtime_it_says_which_is_needed()
    {
        var message = Assert.Throws<OneDnnException>(
            () => NativeLibraryResolver.LoadOpenMp(NativeLibrary.Load("libc.so.6"), Nowhere(OSPlatform.Windows))).Message;
        Assert.StartsWith("No OpenMP runtime with GOMP_parallel could be loaded (tried oneDNN's own, libgomp-1.dll)", message);
    }

    /// <summary>The file of the library that the tests run on.</summary>
    private static string LoadedLibrary()
    {
        using var engine = new CpuEngine();
        return File.ReadLines("/proc/self/maps").First(line => line.Contains("dnnl.so", StringComparison.Ordinal)).Split(' ')[^1];
    }

    private NativeLibraryNames Nowhere(OSPlatform system) => new(system, [_folder]);
}
