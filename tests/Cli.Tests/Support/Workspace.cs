using System.Text.RegularExpressions;
using Nern.Cli.Shell;

namespace Nern.Cli.Tests.Support;

/// <summary>What a command line printed and answered.</summary>
/// <param name="ExitCode">What it answered.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Answer(int ExitCode, string Output, string Error)
{
    /// <summary>Standard error, but for the note of a machine without bfloat16, which is no matter of the test.</summary>
    public string Error { get; } = Regex.Replace(Error, "^nern: Note: [^\n]*: working in f32\\.\n", "", RegexOptions.Multiline);
}

/// <summary>A folder of its own for one test, and command lines run on its files within this process.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nern-cli-tests-");

    /// <summary>The names of all files in the folder itself.</summary>
    internal string[] Files => [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    /// <summary>Text with every <c>@</c> turned into the path of the folder.</summary>
    internal string Resolve(string text) => text.Replace("@", _folder.FullName + "/", StringComparison.Ordinal);

    /// <summary>Where a file of this name is.</summary>
    internal string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file and returns where.</summary>
    internal string Write(string name, byte[] bytes)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a file of text and returns where.</summary>
    internal string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Runs a command line. In an argument <c>@name</c> stands for the path of that file in the folder.</summary>
    internal Answer Run(params IEnumerable<string> arguments)
    {
        using var output = new StringWriter();
        return Run(output, CancellationToken.None, arguments);
    }

    /// <summary>Runs a command line that can be interrupted.</summary>
    internal Answer Run(StringWriter output, CancellationToken interruption, params IEnumerable<string> arguments)
    {
        using var error = new StringWriter();
        var exitCode = CommandLine.Invoke([.. arguments.Select(Resolve)], new Terminal(output, error, interruption));
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
