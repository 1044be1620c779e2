using Nern.Files;

namespace Nern.Cli.Shell;

/// <summary>The checkpoint that unfinished work leaves; it is never silently replaced.</summary>
internal static class UnfinishedWork
{
    /// <summary>Whether there is one to go on from.</summary>
    /// <param name="terminal">Hears if there is none, though one was asked for.</param>
    /// <param name="path">Where it would be.</param>
    /// <param name="resumes">Whether the work is to go on from it.</param>
    /// <exception cref="NernException">There is one, and the work is to begin anew.</exception>
    internal static bool Find(Terminal terminal, string path, bool resumes)
    {
        var exists = File.Exists(path);
        if (exists && !resumes)
            throw new NernException($"'{path}' is left of unfinished work: go on with --resume, or delete it to begin anew.");
        if (!exists && resumes)
            terminal.Report($"Note: there is no '{path}' to go on from: beginning.");
        return exists;
    }

    /// <summary>Writes the report of work whose result is written, if there is to be one.</summary>
    /// <param name="output">The result.</param>
    /// <param name="report">The report, or null.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="NernException">It cannot be written.</exception>
    internal static void Report(string output, string? report, Action<string> write)
    {
        if (report is null)
            return;
        try
        {
            write(report);
        }
        catch (NernException exception)
        {
            throw new NernException(
                $"{exception.Message.TrimEnd('.')}; '{output}' is written, and the same command with --resume writes the report.",
                exception);
        }
    }

    /// <summary>Deletes the checkpoint of work that is finished.</summary>
    /// <param name="terminal">Hears if it cannot be deleted, which harms nothing.</param>
    /// <param name="path">Where it is, if it is there.</param>
    internal static void Delete(Terminal terminal, string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            terminal.Report($"Note: '{path}' is needed no longer and could not be deleted: {exception.Message}");
        }
    }
}
