using System.Text.Json;
using Nern.Evaluation;
using Nern.Files;
using Nern.Fitting;
using Nern.OneDnn;
using Nern.Profiling;
using Nern.Representation;

namespace Nern.Sweeps.Results;

/// <summary>What <c>nern fit --report</c> writes: how a fit went and what it has come to.</summary>
/// <param name="Result">What it has come to.</param>
/// <param name="Curve">Its evaluations.</param>
internal sealed record FitReport(FitResult Result, IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>The report of a fit.</summary>
    /// <param name="file">The .nern file.</param>
    /// <param name="evaluation">The evaluation of what is in it.</param>
    /// <param name="original">The original's accuracy, where there are test images.</param>
    /// <param name="precision">The precision that was taken.</param>
    /// <param name="elapsed">What the fit took.</param>
    /// <param name="curve">Its evaluations.</param>
    internal static FitReport Of(
        string file, FitEvaluation evaluation, Accuracy? original, string precision, TimeSpan elapsed, FitCurve curve)
    {
        var sizes = RepresentationSizes.Of(file);
        return new(
            new(evaluation.Accuracy, original, evaluation.Agreement, evaluation.Validation, evaluation.RelativeError, evaluation.Step,
                elapsed.TotalSeconds, sizes.Predictor, sizes.File, precision, ParallelRegion.Threads, Processor.Name,
                typeof(FitReport).Assembly.GetName().Version!.ToString(3))
            {
                Features = evaluation.Features,
            },
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
            return JsonSerializer.Deserialize<FitReport>(File.ReadAllBytes(path), RunJson.Options)
                ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (FileFailure.Is(exception) || exception is JsonException)
        {
            throw new NernException($"'{path}' is no report of a fit: {exception.Message}", exception);
        }
    }
}

/// <summary>What a fit has come to, at the evaluation that was kept.</summary>
/// <param name="Accuracy">On the test images, where there are some.</param>
/// <param name="Original">The original's accuracy on them.</param>
/// <param name="Agreement">With the original on them.</param>
/// <param name="ValidationKl">Mean KL on the inputs set aside; of features the relative error.</param>
/// <param name="WeightError">|W - W^| / |W|.</param>
/// <param name="Step">The step that was kept.</param>
/// <param name="Seconds">What the whole fit took.</param>
/// <param name="PredictorBytes">What the predictor takes of the file.</param>
/// <param name="FileBytes">What the file takes.</param>
/// <param name="Precision">The precision of the fit.</param>
/// <param name="Threads">The threads of the fit.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Version">The program's version.</param>
internal sealed record FitResult(
    Accuracy? Accuracy, Accuracy? Original, Agreement? Agreement, double ValidationKl, double WeightError, long Step, double Seconds,
    long PredictorBytes, long FileBytes, string Precision, int Threads, string Processor, string Version)
{
    /// <summary>In place of accuracy and agreement, of a network that ends in features.</summary>
    public FeatureAgreement? Features { get; init; }
}
