using System.Text.Json;
using Nern.Checkpoints;
using Nern.Training;

namespace Nern.Cli.Sweeps;

/// <summary>What <c>nern fit --report</c> writes: how a fit went and what it has come to.</summary>
/// <param name="Result">What it has come to.</param>
/// <param name="Curve">Its evaluations.</param>
internal sealed record FitReport(FitResult Result, IReadOnlyList<CurvePoint> Curve)
{
    internal void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, RunJson.Options));

    /// <exception cref="NernException">The file is missing or no report.</exception>
    internal static FitReport Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<FitReport>(File.ReadAllBytes(path), RunJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new NernException($"'{path}' is no report of a fit: {exception.Message}", exception);
        }
    }
}
