using System.Runtime.InteropServices;

namespace Nern.OneDnn.Tests;

public sealed class NativeLibraryNamesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nern-libraries-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void On_linux_files_of_a_minor_version_come_right_after_their_major_one_newest_first()
    {
        var debian = Put(
            "usr/lib/x86_64-linux-gnu",
            "libdnnl.so.3.6", "libdnnl.so.3.11.1", "libdnnl.so.2.6", "libdnnl.so", "libdnnl.so.3", "libdnnl.so.2", "libdnnlx.so.3.9");
        var local = Put("usr/local/lib", "libdnnl.so.3.7", "libdnnl.so.3.old", "libdnnl.so.3.");
        Assert.Equal(
            [
                "libdnnl.so.3", debian("libdnnl.so.3.11.1"), local("libdnnl.so.3.7"), debian("libdnnl.so.3.6"),
                "libdnnl.so.2", debian("libdnnl.so.2.6"), "libdnnl.so",
            ],
            Names(OSPlatform.Linux).OneDnn());
    }

    [Fact]
    public void On_linux_the_loaders_variable_names_folders_first()
    {
        var named = Path.Combine(_root, "named");
        Assert.Equal(
            [named, "/other", .. new[] { "usr/local/lib", "usr/lib64", "usr/lib" }.Select(folder => Path.Combine(_root, folder))],
            NativeLibraryNames.Folders(OSPlatform.Linux, _root, name => name == "LD_LIBRARY_PATH" ? $"{named}::/other" : null));
    }

    [Fact]
    public void On_macos_homebrews_folder_is_looked_into()
    {
        var brew = Put("opt/homebrew/lib", "libdnnl.3.dylib", "libdnnl.dylib");
        var openMp = Put("opt/homebrew/opt/libomp/lib", "libomp.dylib");
        var names = Names(OSPlatform.OSX);
        Assert.Equal(
            ["libdnnl.3.dylib", brew("libdnnl.3.dylib"), "libdnnl.2.dylib", "libdnnl.dylib", brew("libdnnl.dylib")], names.OneDnn());
        Assert.Equal(["libomp.dylib", openMp("libomp.dylib"), "libgomp.1.dylib"], names.OpenMp());
    }

    [Fact]
    public void On_windows_the_loader_finds_the_library_by_its_name() =>
        Assert.Equal(["dnnl.dll", "libdnnl.dll"], Names(OSPlatform.Windows).OneDnn());

    [Fact]
    public void Folders_that_do_not_exist_are_passed_over() =>
        Assert.Equal(["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"], Names(OSPlatform.Linux).OneDnn());

    [Theory]
    [InlineData("usr/bin/apt-get", "apt-get install libdnnl-dev")]
    [InlineData("usr/bin/dnf", "dnf install onednn")]
    [InlineData("usr/bin/pacman", "pacman -S onednn")]
    [InlineData("opt/homebrew/bin/brew", "brew install onednn")]
    [InlineData("usr/bin/other", null)]
    public void The_systems_own_package_manager_installs_the_library(string program, string? command)
    {
        Put(Path.GetDirectoryName(program)!, Path.GetFileName(program));
        Assert.Equal(command, InstallCommand.Below(_root));
    }

    private NativeLibraryNames Names(OSPlatform system) => new(system, NativeLibraryNames.Folders(system, _root, _ => null));

    /// <summary>Makes empty files in a folder; returns how to name one of them.</summary>
    private Func<string, string> Put(string folder, params string[] files)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        foreach (var file in files)
            File.WriteAllBytes(Path.Combine(path, file), []);
        return name => Path.Combine(path, name);
    }
}
