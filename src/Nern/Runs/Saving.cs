using Nern.Files;

namespace Nern.Runs;

/// <summary>Saves the states of a run, and at its end the result: one of both is on the disk at any time.</summary>
/// <param name="options">Where to.</param>
/// <param name="isWriter">Whether it does: of the ranks that share a run, one writes.</param>
internal sealed class Saving(SavingOptions options, bool isWriter = true) : IDisposable
{
    private ReservedRoom? _result, _state;
    private string? _problem;

    /// <summary>When to save.</summary>
    internal TimeSpan Interval => options.Interval;

    /// <summary>
    /// Takes the room that the result and a state need, so that nothing else fills the disk meanwhile, in place of
    /// what was taken before. Without <see cref="SavingOptions.Result"/> it takes none.
    /// </summary>
    /// <param name="result">Bytes of the result.</param>
    /// <param name="state">Bytes of a state, or somewhat more.</param>
    /// <exception cref="NernException">There is not so much room.</exception>
    internal void Reserve(long result, long state)
    {
        if (!isWriter || options.Result is not { } path)
            return;
        // What an earlier round took.
        Dispose();
        (_result, _state) = (new(path, result), new(options.Path, state));
        // With a state from before the run can be gone on with, whether or not there is room for later ones.
        if (_result.Take() && (_state.Take() || File.Exists(options.Path)))
            return;
        Dispose();
        var free = _result.Free is { } bytes ? $"found {Figures.Bytes(bytes)}" : "found less";
        throw new NernException(
            $"'{path}' could not be written at the end: expected room on the disk for its {Figures.Bytes(result)} and for "
            + $"'{options.Path}', {Figures.Bytes(state)}; {free}.");
    }

    /// <summary>
    /// Saves a state; returns why it could not, or null. The disk may have room again by the next time; what was saved before is
    /// still there.
    /// </summary>
    internal string? Save(Action<string> save)
    {
        if (!isWriter)
            return null;
        _state?.GiveAway();
        try
        {
            save(options.Path);
            _problem = null;
        }
        catch (NernException exception)
        {
            _problem = exception.Message;
        }
        _state?.Take();
        return _problem;
    }

    /// <summary>Writes the result, where it is to be written.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="save">Saves the last state, should both have failed so far.</param>
    /// <exception cref="NernException">It could not be written; the message says what is left of the run.</exception>
    internal void Finish(Action<string> write, Action<string> save)
    {
        if (!isWriter || options.Result is not { } path)
            return;
        _result?.GiveAway();
        try
        {
            write(path);
        }
        catch (NernException exception)
        {
            if (_problem is not null)
                Save(save);
            throw new NernException($"{exception.Message.TrimEnd('.')}; {WhatIsLeft()}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _result?.Dispose();
        _state?.Dispose();
    }

    private string WhatIsLeft() =>
        _problem is null
            ? $"all that was reached is in '{options.Path}', and the same command with --resume goes on from there."
        : File.Exists(options.Path)
            ? $"'{options.Path}' is of an earlier state, since {_problem.TrimEnd('.')}; "
                + "the same command with --resume goes on from there."
        : $"nothing is left of the work, since {_problem}";
}
