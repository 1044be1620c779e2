using System.Text;
using Nern.Files;
using Spectre.Console;

namespace Nern.Cli.Shell;

/// <summary>
/// Passes text on until that fails once, as a full disk, a closed stream or a terminal that is gone make it, and is silent from then
/// on: what is shown of the work must not end the work.
/// </summary>
internal sealed class YieldingWriter(TextWriter inner) : TextWriter
{
    /// <summary>Why nothing is written any more; null as long as all was.</summary>
    internal Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Attempt(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Attempt(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Attempt(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Attempt(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Attempt(inner.Flush);

    private void Attempt(Action write)
    {
        if (Failure is not null)
            return;
        try
        {
            write();
        }
        catch (Exception exception) when (FileFailure.Is(exception) || exception is ObjectDisposedException)
        {
            Failure = exception;
        }
    }
}

/// <summary>Where Spectre.Console writes: a stream, through a writer that yields.</summary>
internal sealed class YieldingOutput(TextWriter stream, YieldingWriter writer) : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput _stream = new(stream);

    /// <inheritdoc/>
    public TextWriter Writer => writer;

    /// <inheritdoc/>
    public bool IsTerminal => _stream.IsTerminal;

    /// <inheritdoc/>
    public int Width => _stream.Width;

    /// <inheritdoc/>
    public int Height => _stream.Height;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding) => _stream.SetEncoding(encoding);
}
