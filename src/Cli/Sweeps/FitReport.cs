using System.Text.Json;
using Nern.Cli.Display;
using Nern.Cli.Options;
using Nern.Evaluation;
using Nern.Files;
using Nern.Fitting;
using Nern.OneDnn;

namespace Nern.Cli.Sweeps;

/// <summary>What <c>nern fit --report</c> writes: how a fit went and what it has come to.</summary>
/// <param name="Result">What it has come to.</param>
/// <param name="Curve">Its evaluations.</param>
internal sealed record FitReport(FitResult Result, IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>The report of a fit.</summary>
    /// <param name="file">The .nern file.</param>
    /// <param name="evaluation">The evaluation of what is in it.</param>
    /// <param name="original">The original's accuracy, where there are test images.</param>
    /// <param name="options">The options, with the precision that was taken.</param>
    /// <param name="elapsed">What the fit took.</param>
    /// <param name="curve">Its evaluations.</param>
    internal static FitReport Of(
        string file, FitEvaluation evaluation, Accuracy? original, FitOptions options, TimeSpan elapsed, FitCurve curve)
    {
        var sizes = RepresentationSizes.Of(file);
        return new(
            new(evaluation.Accuracy, original, evaluation.Agreement, evaluation.Validation, evaluation.RelativeError, evaluation.Step,
                elapsed.TotalSeconds, sizes.Predictor, sizes.File, ChoiceNames.Of(options.Precision!), ParallelRegion.Threads, Processor.Name,
                typeof(FitReport).Assembly.GetName().Version!.ToString(3)),
            curve.Points);
    }

    /// <summary>Writes it to a file.</summary>
    internal void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, RunJson.Options));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
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
