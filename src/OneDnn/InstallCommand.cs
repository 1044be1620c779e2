namespace Nern.OneDnn;

/// <summary>The one command that installs oneDNN on a system.</summary>
internal static class InstallCommand
{
    // The development package has the same name in all releases of Debian and Ubuntu, and brings the library each has.
    private static readonly (string Program, string Command)[] Managers =
    [
        ("usr/bin/apt-get", "apt-get install libdnnl-dev"),
        ("usr/bin/dnf", "dnf install onednn"),
        ("usr/bin/pacman", "pacman -S onednn"),
        ("opt/homebrew/bin/brew", "brew install onednn"),
        ("usr/local/bin/brew", "brew install onednn"),
    ];

    /// <summary>That of the system below <paramref name="root"/>, or null where no package manager is known to have it.</summary>
    internal static string? Below(string root) =>
        Managers.FirstOrDefault(manager => File.Exists(Path.Combine(root, manager.Program))).Command;
}
