using System.Text.Json;
using Nern.Fitting;

namespace Nern.Sweeps.Results;

/// <summary>Collects the evaluations of a fit.</summary>
internal sealed class FitCurve
{
    private readonly List<CurvePoint> _points = [];
    private FitEvaluation? _last;

    /// <summary>The evaluations, in their order.</summary>
    internal IReadOnlyList<CurvePoint> Points => _points;

    /// <summary>Takes over the evaluation of <paramref name="progress"/>, if it is a new one.</summary>
    internal void Add(FitProgress progress)
    {
        if (progress.Evaluation is { } evaluation && evaluation != _last)
            _points.Add(CurvePoint.Of(_last = evaluation));
    }

    /// <summary>
    /// The evaluations up to a step that the log of a fit holds, for one that goes on from there; none where there is no log.
    /// </summary>
    internal static FitCurve Resumed(string log, long step)
    {
        var curve = new FitCurve();
        if (File.Exists(log))
            curve._points.AddRange(File.ReadLines(log).Select(Read).OfType<CurvePoint>().Where(point => point.Step <= step));
        return curve;
    }

    /// <summary>The evaluation of a line; null for any other, and for one that a crash cut.</summary>
    private static CurvePoint? Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            return entry.GetProperty("kind").GetString() == "evaluation"
                ? new(
                    entry.GetProperty("step").GetInt64(), entry.GetProperty("seconds").GetDouble(), Number("accuracy"),
                    Number("agreement"), Number("validationKl") ?? double.NaN, Number("relativeWeightError") ?? double.NaN)
                : null;

            double? Number(string name) =>
                entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
