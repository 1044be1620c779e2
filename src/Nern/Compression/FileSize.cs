using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nern.Compression;

/// <summary>How large a file may be: in bytes, or in percent of the original's.</summary>
/// <param name="Value">Bytes or percent, from 1e-6 to 1e15.</param>
/// <param name="IsPercent">Which.</param>
[JsonConverter(typeof(FileSizeConverter))]
public readonly record struct FileSize(double Value, bool IsPercent)
{
    /// <summary>The bytes, where the original has <paramref name="original"/>.</summary>
    public long In(long original) => (long)(IsPercent ? original * Value / 100 : Value);

    /// <summary>Reads <c>60000</c> or <c>5%</c>.</summary>
    public static bool TryParse(string text, out FileSize size)
    {
        var isPercent = text.EndsWith('%');
        var isNumber = double.TryParse(
            isPercent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
        size = new(value, isPercent);
        return isNumber && value is >= 1e-6 and <= 1e15;
    }

    /// <summary>As it is read.</summary>
    public override string ToString() => ((decimal)Value).ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}

/// <summary>As text, as it is read.</summary>
internal sealed class FileSizeConverter : JsonConverter<FileSize>
{
    /// <inheritdoc/>
    public override FileSize Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        FileSize.TryParse(reader.GetString() ?? "", out var size) ? size : throw new JsonException("Expected bytes or percent.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FileSize value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
