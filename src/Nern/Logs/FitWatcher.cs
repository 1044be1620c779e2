using Nern.Files;
using Nern.Fitting;

namespace Nern.Logs;

/// <summary>
/// Writes what a fit reports beside the file it is going to write: a log of one JSON object a line, and TensorBoard's events.
/// Give <see cref="Report"/> to <see cref="Fit.Run"/>.
/// </summary>
public sealed class FitWatcher : IDisposable
{
    private readonly Action<string>? _failed;
    private readonly FitLog _log;
    private readonly EventFile _events;
    private long _lastStep, _lastEvaluation;

    /// <summary>Opens both; those of an earlier fit are replaced, unless this one goes on with it.</summary>
    /// <param name="path">
    /// The .nern file that is watched being made: <see cref="LogOf"/> and <see cref="EventsOf"/> name the others.
    /// </param>
    /// <param name="resumeAtStep">
    /// Steps done by an earlier fit that this one goes on with, or null; what was written of later ones goes.
    /// </param>
    /// <param name="failed">Hears one sentence if writing fails during the fit, which then goes on without being watched.</param>
    /// <exception cref="NernException">A place cannot be written.</exception>
    public FitWatcher(string path, long? resumeAtStep = null, Action<string>? failed = null)
        : this(Open(path, resumeAtStep), resumeAtStep, failed)
    {
    }

    internal FitWatcher((FitLog Log, EventFile Events) files, long? resumeAtStep, Action<string>? failed)
    {
        (_log, _events) = files;
        _failed = failed;
        // At step 0 there are no losses yet, but there may be an evaluation.
        (_lastStep, _lastEvaluation) = (resumeAtStep ?? 0, resumeAtStep ?? -1);
        Attempt(() => _log.Write(new EventEntry(resumeAtStep ?? 0, resumeAtStep is null ? "started" : "resumed", DateTimeOffset.UtcNow)));
    }

    /// <summary>Whether nothing is written any more, because writing failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The log beside a .nern file.</summary>
    public static string LogOf(string path) => $"{path}.log.jsonl";

    /// <summary>The folder of TensorBoard's events beside a .nern file.</summary>
    public static string EventsOf(string path) => $"{path}.events";

    /// <summary>Writes what is new in a report: a step, an evaluation or both. It never throws because of a disk.</summary>
    public void Report(FitProgress progress) => Attempt(() =>
    {
        if (progress.Notice is { } notice)
            _log.Write(new EventEntry(progress.Step, notice, DateTimeOffset.UtcNow));
        if (progress.Step > _lastStep)
        {
            _lastStep = progress.Step;
            var step = StepEntry.Of(progress);
            _log.Write(step);
            _events.Write(step.Step, step.Scalars);
        }
        if (progress.Evaluation is { } evaluation && evaluation.Step > _lastEvaluation)
        {
            _lastEvaluation = evaluation.Step;
            var entry = EvaluationEntry.Of(evaluation, progress.Phase);
            _log.Write(entry);
            _events.Write(entry.Step, entry.Scalars);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _events.Dispose();
    }

    private void Attempt(Action write)
    {
        if (HasFailed)
            return;
        try
        {
            write();
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            HasFailed = true;
            _failed?.Invoke($"The fit goes on without its log, which could not be written: {exception.Message}");
        }
    }

    private static (FitLog, EventFile) Open(string path, long? resumeAtStep)
    {
        var log = FitLog.Open(LogOf(path), resumeAtStep);
        try
        {
            if (resumeAtStep is null)
                EventFile.DeleteAll(EventsOf(path));
            // TensorBoard is to keep the step itself.
            return (log, EventFile.Create(EventsOf(path), firstStep: resumeAtStep + 1 ?? 0));
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }
}
