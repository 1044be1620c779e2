using System.Security.Cryptography;
using System.Text;
using Nern.Data;

namespace Nern.Sweeps.Plans;

/// <summary>What all runs of a sweep are about.</summary>
/// <param name="Network">The checkpoint's path.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Data">Where images come from, or null.</param>
internal sealed record SweepSubject(string Network, string Architecture, string? Data)
{
    private const int IdLength = 12;

    // Where files lie decides nothing, what is in them does.
    private readonly Lazy<string> _content = new(
        () => string.Join('\n', HashOf(Network), Architecture.ToLowerInvariant(), Data is null ? "" : HashOfData(Data)));

    /// <summary>What decides the runs with some options, in short.</summary>
    /// <param name="options">All of them by name; the seed is always the same one.</param>
    internal string GroupOf(IReadOnlyDictionary<string, string> options)
    {
        var settings = options.Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal);
        var text = $"{_content.Value}\n{string.Join('\n', settings)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..IdLength];
    }

    private static string HashOfData(string text)
    {
        var named = DataSource.Parse(text);
        // Built-in images are always the same; of folders of any size the name has to do.
        if (named is not CifarSource source)
            return named.ToString();
        IEnumerable<string> files = File.Exists(source.Location)
            ? [source.Location]
            : Directory.EnumerateFiles(source.Location, "*.bin").Order(StringComparer.Ordinal);
        return string.Join('\n', files.Select(file => $"{source.Format} {Path.GetFileName(file)} {HashOf(file)}"));
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
