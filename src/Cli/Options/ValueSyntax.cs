using System.Globalization;
using System.Numerics;
using Nern.Compression;
using Nern.Options;

namespace Nern.Cli.Options;

/// <summary>Reads a value; false where the text is none.</summary>
internal delegate bool ValueReader<T>(string text, out T value);

/// <summary>How the values of an option are written, on the command line as in a recipe.</summary>
/// <param name="Shape">What stands for a value in help.</param>
/// <param name="Expected">What is expected, in words that follow "takes".</param>
/// <param name="TryRead">Reads a value.</param>
/// <param name="Write">Writes a value so that it can be read.</param>
internal sealed record ValueSyntax<T>(string Shape, string Expected, ValueReader<T> TryRead, Func<T, string> Write)
{
    /// <summary>What the option's name alone stands for on the command line; null where it needs a value.</summary>
    internal string? Bare { get; init; }

    /// <summary>Whether a value may begin with a dash, as names of options do.</summary>
    internal bool IsDashed { get; init; }
}

/// <summary>The kinds of values. Numbers are read and written in the invariant culture.</summary>
internal static class ValueSyntax
{
    /// <summary>Yes or no; the option's name alone says yes.</summary>
    internal static ValueSyntax<bool> Flag { get; } =
        new("true|false", "true or false", bool.TryParse, value => value ? "true" : "false") { Bare = "true" };

    /// <summary>The size of a file.</summary>
    internal static ValueSyntax<FileSize> Size { get; } =
        new("BYTES|PERCENT%", "bytes, such as 60000, or percent of the original, such as 5%", FileSize.TryParse, size => size.ToString());

    internal static ValueSyntax<T> Number<T>(string shape) where T : struct, INumberBase<T> => Number<T>(shape, OptionRange.Any);

    internal static ValueSyntax<T> Number<T>(string shape, OptionRange range) where T : struct, INumberBase<T> => new(
        shape,
        $"{(default(T) is double ? "a number" : "a whole number")}{(default(T) is ulong ? " from 0 on" : range)}",
        (string text, out T value) => TryReadNumber(text, out value) && range.Contains(double.CreateChecked(value)),
        Write);

    /// <summary>Numbers with commas between them.</summary>
    internal static ValueSyntax<T[]> Numbers<T>(string shape, OptionRange range, string example, string howMany = "")
        where T : struct, INumberBase<T> => new(
        shape,
        $"{howMany} numbers{range} with commas between them, such as {example}".TrimStart(),
        (string text, out T[] values) =>
        {
            var parts = text.Split(',');
            values = new T[parts.Length];
            for (var i = 0; i < parts.Length; i++)
                if (!TryReadNumber(parts[i], out values[i]) || !range.Contains(double.CreateChecked(values[i])))
                    return false;
            return true;
        },
        values => string.Join(',', values.Select(Write)));

    internal static ValueSyntax<T> Choice<T>() where T : struct, Enum =>
        new(ChoiceNames.Joined<T>(), ChoiceNames.Listed<T>(), ChoiceNames.TryRead, value => ChoiceNames.Of(value));

    /// <summary>A number that reads as itself; small ones with a power of ten, as users write them.</summary>
    internal static string Write<T>(T value) where T : INumberBase<T>
    {
        if (value is double and not 0 and > -1e-2 and < 1e-2
            && value.ToString("0.##############e0", CultureInfo.InvariantCulture) is var text
            && T.Parse(text, CultureInfo.InvariantCulture) == value)
            return text;
        return value.ToString(null, CultureInfo.InvariantCulture);
    }

    private static bool TryReadNumber<T>(string text, out T value) where T : struct, INumberBase<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
