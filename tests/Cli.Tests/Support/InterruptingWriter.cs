namespace Nern.Cli.Tests.Support;

/// <summary>Interrupts at the first line that contains some text.</summary>
internal sealed class InterruptingWriter(string text) : StringWriter
{
    private readonly CancellationTokenSource _source = new();

    internal CancellationToken Interruption => _source.Token;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(text, StringComparison.Ordinal) == true)
            _source.Cancel();
    }

    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        base.Dispose(disposing);
    }
}
