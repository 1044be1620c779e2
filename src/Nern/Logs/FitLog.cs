using System.Text;
using System.Text.Json;
using Nern.Files;

namespace Nern.Logs;

/// <summary>A log of a fit: one JSON object a line, each handed to the system whole.</summary>
internal sealed class FitLog : IDisposable
{
    private readonly Stream _stream;

    /// <param name="stream">Where to write; disposed of with the log.</param>
    internal FitLog(Stream stream) => _stream = stream;

    /// <summary>Begins a log, or goes on with one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resumeAtStep">
    /// Steps done by the fit that goes on: lines of later ones are dropped, and whatever is no line of a log, such as a last one
    /// half written. Null to begin anew.
    /// </param>
    /// <exception cref="NernException">The file cannot be read or written.</exception>
    internal static FitLog Open(string path, long? resumeAtStep = null)
    {
        // Even a log begun anew is put in place by renaming, so that what is appended to is always our own file.
        AtomicFile.Write(path, stream =>
        {
            if (resumeAtStep is { } last && File.Exists(path))
                foreach (var line in File.ReadLines(path).Where(line => IsWithin(line, last)))
                    stream.Write(Encoding.UTF8.GetBytes(line + '\n'));
        });
        try
        {
            return new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{path}' could not be written: {exception.Message}", exception);
        }
    }

    /// <summary>The entries of the log at <paramref name="path"/>; none where there is no file.</summary>
    /// <exception cref="NernException">The file cannot be read.</exception>
    internal static IReadOnlyList<LogEntry> Read(string path)
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Select(LogEntry.Read).OfType<LogEntry>()] : [];
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    internal void Write(LogEntry entry) => _stream.Write(entry.ToLine());

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static bool IsWithin(string line, long last)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("step", out var step)
                && step.ValueKind == JsonValueKind.Number && step.TryGetInt64(out var value) && value <= last;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
