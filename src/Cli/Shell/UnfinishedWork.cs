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
}
