using Nern.Sweeps.Results;

namespace Nern.Sweeps.Tables;

/// <summary>A figure of a run that the tables show.</summary>
/// <param name="Title">The column of the Markdown table.</param>
/// <param name="Name">The column of the CSV table.</param>
/// <param name="Of">The figure, or null where the run has none.</param>
/// <param name="Format">How it is shown.</param>
/// <param name="Varies">Whether it is another for another seed, so that people want to know how much.</param>
internal sealed record Measure(string Title, string Name, Func<FitResult, double?> Of, Func<double, string> Format, bool Varies = true)
{
    /// <summary>What the table compares with the paper.</summary>
    internal static Measure Accuracy { get; } = new(
        "accuracy %", "accuracy", result => 100 * result.Accuracy?.Share, value => Figures.Fixed(value, 2));

    /// <summary>All others, in the order of the columns.</summary>
    internal static IReadOnlyList<Measure> Others { get; } =
    [
        new("agreement %", "agreement", result => 100 * result.Agreement?.Share, value => Figures.Fixed(value, 2)),
        new("mean KL", "mean_kl", result => result.Agreement?.MeanDivergence, Figures.Small),
        new("weight error", "weight_error", result => result.WeightError, Figures.Fraction),
        new("minutes", "minutes", result => result.Seconds / 60, value => Figures.Fixed(value, 2)),
        new("predictor bytes", "predictor_bytes", result => result.PredictorBytes, Bytes, Varies: false),
        new("file bytes", "file_bytes", result => result.FileBytes, Bytes, Varies: false),
    ];

    private static string Bytes(double value) => Figures.Count((long)Math.Round(value));
}
