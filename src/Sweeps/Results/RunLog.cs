using System.Diagnostics;
using System.Text.Json;
using Nern.Files;

namespace Nern.Sweeps.Results;

/// <summary>
/// The file runs.jsonl of a sweep, which several processes may write to, on machines that share the folder. A line is appended and flushed for
/// every run; one that a crash has cut off is dropped. A run is done by the process that has claimed it.
/// </summary>
internal sealed class RunLog
{
    internal const string FileName = "runs.jsonl";

    private const string LockName = ".lock";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _folder, _path;
    private readonly Dictionary<string, RunLine> _lines = [];

    // What Linux, macOS and Windows call it.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    // Bytes of the file and lines that were read.
    private long _read;
    private int _number;

    private RunLog(string folder) => (_folder, _path) = (folder, Path.Combine(folder, FileName));

    /// <summary>The last line of every run.</summary>
    internal IReadOnlyCollection<RunLine> Lines => _lines.Values;

    /// <summary>The last line of a run, or null.</summary>
    internal RunLine? Find(string id) => _lines.GetValueOrDefault(id);

    /// <summary>Opens the file in <paramref name="folder"/>, which is made if need be.</summary>
    /// <exception cref="NernException">It cannot be used.</exception>
    internal static RunLog Open(string folder)
    {
        var log = new RunLog(folder);
        // What a crash has cut off goes.
        log.Alone(file => file.SetLength(log._read));
        return log;
    }

    /// <summary>The lines in <paramref name="folder"/> as they are, without opening them for writing.</summary>
    internal static IReadOnlyDictionary<string, RunLine> Peek(string folder)
    {
        var log = new RunLog(folder);
        if (!File.Exists(log._path))
            return log._lines;
        using var file = new FileStream(log._path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.ReadLines(file);
        return log._lines;
    }

    /// <summary>
    /// Claims a run, so that no other process does it; lines that others have written since are known then. The claim ends with what is
    /// returned, or with the process.
    /// </summary>
    /// <returns>Null where another process has it.</returns>
    /// <exception cref="NernException">The folder cannot be used.</exception>
    internal IDisposable? Claim(string id)
    {
        var claims = Path.Combine(_folder, "runs");
        FileStream? claim = null;
        try
        {
            Directory.CreateDirectory(claims);
            // It stays: who takes a file away may take it from one that has just opened it.
            claim = Locked(Path.Combine(claims, $"{id}.claim"));
            if (claim is not null)
                Alone(_ => { });
            return claim;
        }
        catch (Exception exception)
        {
            claim?.Dispose();
            throw FileFailure.Is(exception) ? new NernException($"'{claims}' cannot be written: {exception.Message}", exception) : exception;
        }
    }

    /// <summary>Writes a line through to the disk, and does what belongs to it while no other process does.</summary>
    /// <exception cref="NernException">The disk does not take it.</exception>
    internal void Append(RunLine line, Action? then = null) => Alone(file =>
    {
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, RunJson.Options), (byte)'\n']);
        file.Flush(flushToDisk: true);
        _lines[line.Id] = line;
        (_read, _number) = (file.Length, _number + 1);
        then?.Invoke();
    });

    /// <summary>Does something with the file at its end, all lines read, while no other process does.</summary>
    private void Alone(Action<FileStream> work)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            using var guard = Wait();
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            ReadLines(file);
            file.Seek(_read, SeekOrigin.Begin);
            work(file);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{_path}' could not be written: {exception.Message}", exception);
        }
    }

    private FileStream Wait()
    {
        var path = Path.Combine(_folder, LockName);
        for (var clock = Stopwatch.StartNew(); ; Thread.Sleep(Pause))
            if (Locked(path) is { } guard)
                return guard;
            else if (clock.Elapsed > LongestWait)
                throw new IOException($"another process has kept '{path}' for {LongestWait.TotalSeconds} seconds.");
    }

    /// <summary>The file, locked until it is disposed of; null where another process has it.</summary>
    private static FileStream? Locked(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1);
        }
        catch (IOException exception) when (InUse.Contains(exception.HResult))
        {
            return null;
        }
    }

    /// <summary>Reads all lines that have an end and were not read.</summary>
    private void ReadLines(FileStream file)
    {
        file.Seek(_read, SeekOrigin.Begin);
        var bytes = new byte[Math.Max(0, file.Length - _read)];
        file.ReadExactly(bytes);
        var start = 0;
        for (var length = 0; (length = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            Take(bytes.AsSpan(start, length), $"'{_path}', line {++_number}");
        _read += start;
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
