using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Nern.Cli.Tests.Support;

/// <summary>Runs the .NET SDK, or programs that look for it, in a folder.</summary>
internal static class DotnetCommand
{
    // Beside the framework in use: another may be on the path, or none.
    private static readonly string Root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Runs <c>dotnet</c> to its end and returns what it printed.</summary>
    internal static string Run(string folder, params IEnumerable<string> arguments) =>
        RunProgram(Path.Combine(Root, "dotnet"), folder, arguments);

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    internal static string RunProgram(string program, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_ROOT"] = Root,
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
                // What a build leaves running would keep the pipes open.
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            },
        };
        // Of the SDK that runs the tests; they make others behave differently.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}{error.Result}");
        return output;
    }
}
