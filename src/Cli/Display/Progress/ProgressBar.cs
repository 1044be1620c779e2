using System.Globalization;
using Spectre.Console;

namespace Nern.Cli.Display.Progress;

/// <summary>A bar with its part in per cent and a word behind it.</summary>
internal static class ProgressBar
{
    private const int Width = 40;

    /// <summary>The bar.</summary>
    /// <param name="part">How much of it is done, 0 to 1.</param>
    /// <param name="text">Markup behind it.</param>
    internal static Markup Of(double part, string text)
    {
        var done = (int)(Width * Math.Clamp(part, 0, 1));
        var percent = string.Create(CultureInfo.InvariantCulture, $"{100 * part,3:F0} %");
        return new Markup($"[green]{new string('━', done)}[/][grey]{new string('━', Width - done)}[/] {percent}  {text}");
    }
}
