using System.Globalization;
using Nern.Evaluation;
using Nern.Fitting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Nern.Cli.Display;

/// <summary>What the live display shows of a fit.</summary>
internal sealed class FitView(FitOptions options, Accuracy? original) : ProgressView<FitProgress>
{
    private FitProgress? _progress;
    private FitEvaluation? _best;
    private string? _notice;

    /// <summary>The part of the kernels that have been put in order.</summary>
    internal double Ordered { get; set; }

    /// <inheritdoc/>
    internal override void Show(FitProgress progress)
    {
        _progress = progress;
        _notice = progress.Notice ?? _notice;
        if (progress.Evaluation is { IsBest: true } best)
            _best = best;
    }

    /// <inheritdoc/>
    internal override IRenderable Render() => _progress is { } progress
        ? new Rows(
            ProgressBar.Of(Used(progress), $"step {Figures.Count(progress.Step)}{(progress.Steps is { } steps ? $" of {Figures.Count(steps)}" : "")}"),
            Phase(progress.Phase),
            Rates(progress), Losses(progress), new Text(_notice ?? "", new Style(Color.Yellow)), Evaluations(progress.Evaluation))
        : ProgressBar.Of(Ordered, IsStopping ? "stopping" : "putting kernels in order");

    private double Used(FitProgress progress) => Math.Min(1, Math.Max(
        progress.Steps is { } steps ? (double)progress.Step / steps : 0,
        options.Minutes is { } minutes ? progress.Elapsed.TotalMinutes / minutes : 0));

    private static Markup Rates(FitProgress progress)
    {
        var left = progress.Remaining is { } remaining ? $"   [grey]left[/] {Figures.Time(remaining)}" : "";
        var images = progress.ImagesPerSecond > 0
            ? string.Create(CultureInfo.InvariantCulture, $"   [grey]images/s[/] {progress.ImagesPerSecond:F0}")
            : "";
        var steps = string.Create(CultureInfo.InvariantCulture, $"   [grey]steps/s[/] {progress.StepsPerSecond:F1}");
        return new Markup(
            $"[grey]elapsed[/] {Figures.Time(progress.Elapsed)}{left}{steps}{images}   [grey]lr[/] {Figures.Small(progress.LearningRate)}");
    }

    private Markup Losses(FitProgress progress)
    {
        return new Markup(
            $"[grey]loss[/] reconstruction {Figures.Small(progress.Losses.Reconstruction)}"
            + $"   kd {Term(progress.Losses.Kd, options.Kd)}   fmd {Term(progress.Losses.Fmd, options.Fmd)}");

        static string Term(double loss, double weight) =>
            weight == 0 ? "[grey]off[/]" : loss == 0 ? "[grey]later[/]" : $"{Figures.Small(loss)} [grey]x {Figures.Small(weight)}[/]";
    }

    private Table Evaluations(FitEvaluation? last)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in new[] { "", "step", "accuracy", "agreement", "validation KL", "weight error" })
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true });
        if (original is { } accuracy)
            table.AddRow("original", "", accuracy.ToString());
        AddRow("last", last);
        AddRow("best", _best);
        return table;

        void AddRow(string name, FitEvaluation? evaluation)
        {
            if (evaluation is null)
                table.AddRow(name, "[grey]not evaluated yet[/]");
            else
                table.AddRow(
                    name, Figures.Count(evaluation.Step), evaluation.Accuracy?.ToString() ?? "",
                    evaluation.Agreement is { } agreement ? Figures.Percent(agreement.Share) : "",
                    Figures.Small(evaluation.Validation), Figures.Fraction(evaluation.RelativeError));
        }
    }
}
