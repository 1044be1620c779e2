using System.Globalization;
using Google.Protobuf;
using Nern.Files;
using Nern.Logs.Protocol;

namespace Nern.Logs;

/// <summary>
/// A file of events as TensorBoard reads them. Every event is handed to the system whole, so that a process that ends at any
/// time leaves whole events.
/// </summary>
internal sealed class EventFile : IDisposable
{
    /// <summary>What the name of every event file begins with.</summary>
    internal const string NamePrefix = "events.out.tfevents.";

    private const string Version = "brain.Event:2";

    private readonly Stream _stream;

    /// <param name="stream">Where to write; disposed of with this file.</param>
    /// <param name="firstStep">The first step that will be written.</param>
    internal EventFile(Stream stream, long firstStep)
    {
        _stream = stream;
        Write(new Event { FileVersion = Version });
        // In each file but the first this makes TensorBoard drop what it read of this step and later ones. It only does so if the
        // first file begins with it, too.
        Write(new Event { Step = firstStep, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
    }

    /// <summary>Begins a new file, whose name sorts behind those of earlier ones.</summary>
    /// <param name="folder">The folder of the run; made if it is not there.</param>
    /// <param name="firstStep">The first step that will be written: what earlier files hold of it and later ones no longer counts.</param>
    /// <exception cref="NernException">The file cannot be written.</exception>
    internal static EventFile Create(string folder, long firstStep) => Within(folder, () =>
    {
        Directory.CreateDirectory(folder);
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{NamePrefix}{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}");
        var path = Enumerable.Range(0, int.MaxValue).Select(i => Path.Combine(folder, $"{name}.{i}")).First(path => !File.Exists(path));
        return new EventFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), firstStep);
    });

    /// <summary>Deletes all event files of a folder, if it is there, and nothing else.</summary>
    /// <exception cref="NernException">One cannot be deleted.</exception>
    internal static void DeleteAll(string folder) => Within(folder, () =>
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{NamePrefix}*") : [];
        foreach (var file in files)
            File.Delete(file);
        return files.Length;
    });

    /// <summary>Writes the values of a step that there are.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    internal void Write(long step, IEnumerable<(string Tag, double? Value)> scalars)
    {
        var summary = new Summary();
        foreach (var (tag, value) in scalars)
            if (value is { } present)
                summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)present });
        Write(new Event { Step = step, Summary = summary });
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Write(Event happened)
    {
        happened.WallTime = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        _stream.Write(EventRecord.Of(happened.ToByteArray()));
    }

    private static T Within<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{folder}' could not be written: {exception.Message}", exception);
        }
    }
}

/// <summary>Something that happened once.</summary>
/// <param name="Step">The step it happened at.</param>
/// <param name="Event"><c>started</c> or <c>resumed</c>.</param>
/// <param name="Time">When.</param>
internal sealed record EventEntry(long Step, string Event, DateTimeOffset Time) : LogEntry(Step);
