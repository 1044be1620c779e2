using System.Globalization;
using Nern.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Nern.Cli.Display;

/// <summary>What the live display shows of a training.</summary>
internal sealed class TrainView : ProgressView<TrainProgress>
{
    private TrainProgress? _progress;
    private TrainEvaluation? _best;
    private string? _notice;

    /// <inheritdoc/>
    internal override void Show(TrainProgress progress)
    {
        _progress = progress;
        _notice = progress.Notice ?? _notice;
        if (progress.Evaluation is { IsBest: true } best)
            _best = best;
    }

    /// <inheritdoc/>
    internal override IRenderable Render() => _progress is { } progress
        ? new Rows(
            ProgressBar.Of((double)progress.Step / progress.Steps, FormattableString.Invariant($"epoch {progress.Epoch:F1} of {progress.Epochs}")),
            Phase("training"),
            Rates(progress), new Text(_notice ?? "", new Style(Color.Yellow)), Evaluations(progress.Evaluation))
        : new Text(IsStopping ? "stopping" : "compiling the network");

    private static Markup Rates(TrainProgress progress)
    {
        var left = progress.Remaining is { } remaining ? $"   [grey]left[/] {Figures.Time(remaining)}" : "";
        var images = string.Create(CultureInfo.InvariantCulture, $"   [grey]images/s[/] {progress.ImagesPerSecond:F0}");
        return new Markup(
            $"[grey]elapsed[/] {Figures.Time(progress.Elapsed)}{left}{images}   [grey]loss[/] {Figures.Small(progress.Loss)}   "
            + $"[grey]lr[/] {Figures.Small(progress.LearningRate)}");
    }

    private Table Evaluations(TrainEvaluation? last)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in new[] { "", "epoch", "loss", "training", "validation", "test" })
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true });
        AddRow("last", last);
        AddRow("best", _best);
        return table;

        void AddRow(string name, TrainEvaluation? evaluation)
        {
            if (evaluation is null)
                table.AddRow(name, "[grey]not evaluated yet[/]");
            else
                table.AddRow(
                    name, Figures.Short(evaluation.Epoch), Figures.Small(evaluation.Loss),
                    Figures.Percent(evaluation.TrainingAccuracy), evaluation.Validation?.ToString() ?? "", evaluation.Test?.ToString() ?? "");
        }
    }
}
