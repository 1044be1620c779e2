using System.Text.Json;
using Nern.Files;

namespace Nern.Sweeps.Results;

/// <summary>
/// The file runs.jsonl of a sweep. A line is appended and flushed for every run; one that a crash has cut off is dropped. While it
/// is open no other sweep can write to it.
/// </summary>
internal sealed class RunLog : IDisposable
{
    internal const string FileName = "runs.jsonl";

    private readonly FileStream _file;
    private readonly FileStream? _lock;
    private readonly Dictionary<string, RunLine> _lines = [];

    private RunLog(FileStream file, FileStream? guard = null) => (_file, _lock) = (file, guard);

    /// <summary>The last line of every run.</summary>
    internal IReadOnlyCollection<RunLine> Lines => _lines.Values;

    /// <summary>The last line of a run, or null.</summary>
    internal RunLine? Find(string id) => _lines.GetValueOrDefault(id);

    /// <summary>Opens the file in <paramref name="folder"/>, which is made if need be.</summary>
    /// <exception cref="NernException">It cannot be used, or another sweep is using it.</exception>
    internal static RunLog Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var guard = new FileStream(
                Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
            var log = new RunLog(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite), guard);
            try
            {
                // What a crash has cut off goes.
                log._file.SetLength(log.ReadLines(path));
                log._file.Seek(0, SeekOrigin.End);
                return log;
            }
            catch
            {
                log.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{path}' cannot be written; is another sweep running? {exception.Message}", exception);
        }
    }

    /// <summary>The lines in <paramref name="folder"/> as they are, without opening them for writing.</summary>
    internal static IReadOnlyDictionary<string, RunLine> Peek(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new Dictionary<string, RunLine>();
        using var log = new RunLog(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        _ = log.ReadLines(path);
        return log._lines;
    }

    /// <summary>Writes a line through to the disk.</summary>
    /// <exception cref="NernException">The disk does not take it.</exception>
    internal void Append(RunLine line)
    {
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, RunJson.Options), (byte)'\n']);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw new NernException($"'{_file.Name}' could not be written: {exception.Message}", exception);
        }
        _lines[line.Id] = line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Reads all lines that have an end.</summary>
    /// <returns>Where the last of them ends.</returns>
    private long ReadLines(string path)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var (start, number) = (0, 1);
        for (var length = 0; (length = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            Take(bytes.AsSpan(start, length), $"'{path}', line {number++}");
        return start;
    }

    private void Take(ReadOnlySpan<byte> line, string place)
    {
        try
        {
            var run = JsonSerializer.Deserialize<RunLine>(line, RunJson.Options) ?? throw new JsonException("It is null.");
            _lines[run.Id] = run;
        }
        catch (JsonException exception)
        {
            throw new NernException($"{place} is no run of a sweep: {exception.Message}", exception);
        }
    }
}
