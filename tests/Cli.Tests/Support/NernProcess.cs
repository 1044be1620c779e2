using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Nern.Cli.Tests.Support;

/// <summary>The command as a process of its own, started by a line of bash in which <c>"$@"</c> stands for it.</summary>
internal sealed class NernProcess : IDisposable
{
    /// <summary>Takes the process's place, with no signal ignored, whatever the tests were started with.</summary>
    internal const string Plainly = "exec env --default-signal=HUP,INT \"$@\"";

    // Only against a test that would wait for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string Dotnet =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private readonly Task _read;

    private NernProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(Read(process.StandardOutput, _output), Read(process.StandardError, _error));
    }

    /// <summary>Starts a command line; <c>@</c> stands for the folder as in <see cref="Workspace.Run(IEnumerable{string})"/>.</summary>
    internal static NernProcess Start(Workspace workspace, string line, params IEnumerable<string> arguments)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Signals and devices are those of Linux.");
        return new(Process.Start(new ProcessStartInfo(
            "bash", ["-c", line, "bash", Dotnet, typeof(CommandLine).Assembly.Location, .. arguments.Select(workspace.Resolve)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Runs a command line to its end.</summary>
    internal static Answer Run(Workspace workspace, string line, params IEnumerable<string> arguments)
    {
        using var process = Start(workspace, line, arguments);
        return process.End();
    }

    /// <summary>What it has written to standard output so far.</summary>
    internal string Output => Text(_output);

    /// <summary>The process, which is the command's where the line executes it.</summary>
    internal int Id => _process.Id;

    /// <summary>Waits until <paramref name="condition"/> holds while the process runs.</summary>
    internal void WaitUntil(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(5))
            Assert.False(_process.HasExited || clock.Elapsed > Patience, $"{Output}{Text(_error)}");
    }

    /// <summary>Waits for a text on standard output.</summary>
    internal void WaitFor(string text) => WaitUntil(() => Output.Contains(text, StringComparison.Ordinal));

    /// <summary>Sends a signal, such as TERM.</summary>
    internal void Signal(string name)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{name} {Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end.</summary>
    internal Answer End()
    {
        Assert.True(_process.WaitForExit(Patience), $"It does not end.\n{Output}{Text(_error)}");
        Assert.True(_read.Wait(Patience), "Something it has started has not ended.");
        return new(_process.ExitCode, Output, Text(_error));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static async Task Read(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (text)
                text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
