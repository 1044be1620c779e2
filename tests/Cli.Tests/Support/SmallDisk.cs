using System.Diagnostics;

namespace Nern.Cli.Tests.Support;

/// <summary>A disk of a given size in memory; only root can have one, so tests with one are skipped elsewhere.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nern-disk-").FullName;
    private readonly bool _isMounted;

    internal SmallDisk(int bytes)
    {
        _isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", _folder);
        if (!_isMounted)
            Directory.Delete(_folder);
        Skip.IfNot(_isMounted, "A small disk can be mounted only by root, on Linux.");
    }

    /// <summary>Where a file of this name is.</summary>
    internal string Path(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>All that is in it.</summary>
    internal string[] Names =>
        [.. Directory.GetFileSystemEntries(_folder).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Bytes that are free.</summary>
    internal long Free => new DriveInfo(_folder).AvailableFreeSpace;

    /// <summary>Leaves no byte free.</summary>
    internal void Fill()
    {
        using var file = File.Create(Path("filler"), bufferSize: 1);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isMounted)
            return;
        // A process that another test has just begun holds the files of this one until it runs its program.
        for (var attempt = 0; !Run("umount", _folder) && attempt < 50; attempt++)
            Thread.Sleep(20);
        Directory.Delete(_folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
