using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nern.Sweeps.Results;

/// <summary>A line of runs.jsonl: a run and what it has come to.</summary>
/// <param name="Id">What decides the run, in short.</param>
/// <param name="Row">The row of the plan.</param>
/// <param name="Grid">The values of the grid's options.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Options">The options that are not as by default.</param>
internal sealed record RunLine(
    string Id, string Row, IReadOnlyDictionary<string, string> Grid, ulong Seed, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Why the run failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What it has come to, unless it failed.</summary>
    public FitResult? Result { get; init; }

    /// <summary>Its evaluations.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>What decides all of the run but its seed.</summary>
    [JsonIgnore]
    internal string Group => Id[..Math.Max(0, Id.LastIndexOf('-'))];

    /// <summary>
    /// Minutes until the accuracy was within <paramref name="points"/> per cent of the original's, or null if it never was.
    /// </summary>
    internal double? MinutesUntilWithin(double points)
    {
        // Shares of the same images are equal or far apart; a rounding error must not decide between them.
        var wanted = (Result?.Original?.Share ?? double.NaN) - (points / 100) - 1e-9;
        return Curve?.Where(evaluation => evaluation.Accuracy >= wanted)
            .Select(evaluation => (double?)evaluation.Seconds / 60).FirstOrDefault();
    }
}

/// <summary>How runs are written and read: one line, camel case; figures that are not numbers as "NaN" or "Infinity".</summary>
internal static class RunJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
