using Nern.Runs;

namespace Nern.Tests.Runs;

public sealed class SavingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Room_that_is_taken_again_takes_the_place_of_what_was_taken_before()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Files without a name are looked up in /proc.");
        using var saving = new Saving(new SavingOptions { Path = _folder.File("state"), Result = _folder.File("result") });

        saving.Reserve(1000, 2000);
        var once = NamelessFiles();
        saving.Reserve(3000, 4000);

        Assert.Equal(2, once);
        Assert.Equal(2, NamelessFiles());
    }

    private int NamelessFiles() =>
        new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(
            file => file.LinkTarget is { } target && target.StartsWith(_folder.FullName, StringComparison.Ordinal)
                && target.EndsWith("(deleted)", StringComparison.Ordinal));
}
