using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nern.Logs;

/// <summary>A line of a fit's log.</summary>
/// <param name="Step">Steps done.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StepEntry), "step")]
[JsonDerivedType(typeof(EvaluationEntry), "evaluation")]
[JsonDerivedType(typeof(EventEntry), "event")]
internal abstract record LogEntry([property: JsonPropertyOrder(-1)] long Step)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A divergence may be no number, and JSON has no other word for it.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The entry as a line of JSON, with its end.</summary>
    internal byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Options), (byte)'\n'];

    /// <summary>The entry of a line; null where it is none, such as one that a crash cut.</summary>
    internal static LogEntry? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogEntry>(line, Options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A time of the log; milliseconds are enough.</summary>
    private protected static double ToSeconds(TimeSpan elapsed) => Math.Round(elapsed.TotalSeconds, 3);
}
