using System.Globalization;
using Nern.Evaluation;

namespace Nern.Bench.Sizes;

/// <summary>What a way to store a network comes to.</summary>
/// <param name="Method">The way.</param>
/// <param name="Setting">What of it was chosen.</param>
/// <param name="Bytes">The whole file, or, of usual means, the numbers alone.</param>
/// <param name="Accuracy">On the test images, 0 to 1.</param>
/// <param name="Correct">Of so many images, where it was measured here.</param>
/// <param name="Divergence">Mean KL to the original on them.</param>
internal sealed record Row(string Method, string Setting, long Bytes, double Accuracy, Accuracy? Correct, double Divergence)
{
    /// <summary>The rows of a file that another made.</summary>
    /// <exception cref="NernException">It is not such a file.</exception>
    internal static IEnumerable<Row> Cited(string path)
    {
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            if (line.Split(',') is not [var method, var setting, var bytes, var accuracy, var divergence]
                || !long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || !double.TryParse(accuracy, CultureInfo.InvariantCulture, out var percent)
                || !double.TryParse(divergence, CultureInfo.InvariantCulture, out var kl))
                throw new NernException($"'{path}': a line should be method,setting,bytes,accuracy,kl; got '{line}'.");
            yield return new($"{method} (cited)", setting, length, percent / 100, null, kl);
        }
    }

    /// <summary>All as CSV, for the plot; commas in a setting, such as in a file's name, are semicolons.</summary>
    internal static string ToCsv(IEnumerable<Row> rows) => string.Concat(
        rows.Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{row.Method},{row.Setting.Replace(',', ';')},{row.Bytes},{100 * row.Accuracy:F2},{row.Divergence:F5}\n"))
            .Prepend("method,setting,bytes,accuracy,kl\n"));

    /// <summary>All as a table in Markdown.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="original">The bytes of the original's file.</param>
    internal static string ToMarkdown(IEnumerable<Row> rows, long original) => string.Concat(
        rows.Select(row => string.Create(CultureInfo.InvariantCulture,
            $"| {row.Method} | {row.Setting} | {row.Bytes:N0} | {100.0 * row.Bytes / original:F2} | "
            + $"{row.Correct?.Correct} | {100 * row.Accuracy:F2} | {row.Divergence:F4} |\n"))
            .Prepend("| --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
            .Prepend("| method | setting | bytes | % of the original | correct | accuracy % | mean KL |\n"));
}
