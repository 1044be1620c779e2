namespace Nern.Cli.Shell;

/// <summary>Text as one word of a shell's command line.</summary>
internal static class ShellWord
{
    internal static string Of(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=+,@%".Contains(c))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
