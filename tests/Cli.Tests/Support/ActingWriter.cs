namespace Nern.Cli.Tests.Support;

/// <summary>Does something at the first line that contains some text.</summary>
internal sealed class ActingWriter(string text, Action action) : StringWriter
{
    private bool _hasActed;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (_hasActed || value?.Contains(text, StringComparison.Ordinal) != true)
            return;
        _hasActed = true;
        action();
    }
}
