using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Nern.Sweeps;

/// <summary>
/// This program, run by itself. A child stops early and saves when its standard input ends: that is how it is asked to, and it also
/// happens when the process that started it dies, however that comes.
/// </summary>
internal static class ChildProcess
{
    /// <summary>
    /// What a child answers that was stopped by SIGHUP, SIGINT (Ctrl-C) or SIGTERM, as shells number it: 128 and the signal.
    /// </summary>
    internal const int HungUp = 129, Interrupted = 130, Terminated = 143;

    private const string Mark = "NERN_STOPS_WITH_INPUT";

    /// <summary>In a child: cancelled when standard input ends. Elsewhere: never.</summary>
    internal static CancellationToken EndOfInput()
    {
        if (Environment.GetEnvironmentVariable(Mark) is null)
            return CancellationToken.None;
        var source = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }
            source.Cancel();
        });
        reader.IsBackground = true;
        reader.Start();
        return source.Token;
    }

    /// <summary>Runs a command line to its end.</summary>
    /// <param name="program">The program's assembly.</param>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="threads">How many threads it may use, or null for its own choice.</param>
    /// <param name="output">Takes its lines; called on any thread, one at a time.</param>
    /// <param name="error">Takes its lines on standard error, likewise.</param>
    /// <param name="stop">Asks it to stop early; it is waited for all the same.</param>
    /// <returns>Its exit code.</returns>
    internal static async Task<int> Run(
        string program, IEnumerable<string> arguments, int? threads, Action<string> output, Action<string> error, CancellationToken stop)
    {
        // The host beside the framework in use: what runs this program may be a test's.
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(host, [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Mark] = "1";
        if (threads is { } count)
            start.Environment["OMP_NUM_THREADS"] = count.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Tell(output, line.Data);
        process.ErrorDataReceived += (_, line) => Tell(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (stop.Register(process.StandardInput.Close))
            await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static void Tell(Action<string> listener, string? line)
    {
        if (line is { Length: > 0 })
            listener(line);
    }
}
