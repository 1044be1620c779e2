namespace Nern.OneDnn;

/// <summary>The one check of native return values.</summary>
internal static class Status
{
    private static readonly string[] Names =
        ["success", "out of memory", "invalid arguments", "unimplemented", "iterator ends", "runtime error", "not required"];

    /// <summary>Throws unless <paramref name="status"/> is success.</summary>
    /// <param name="status">What the call returned.</param>
    /// <param name="call">The C function.</param>
    /// <param name="context">Shapes and types it was given.</param>
    internal static void Check(int status, string call, string context = "")
    {
        if (status == 0)
            return;
        var name = status > 0 && status < Names.Length ? Names[status] : $"status {status}";
        throw new OneDnnException($"{call} failed: {name}{(context.Length == 0 ? "" : $" ({context})")}.");
    }
}
