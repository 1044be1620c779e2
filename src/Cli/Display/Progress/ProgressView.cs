using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Nern.Cli.Display.Progress;

/// <summary>What a live display shows of long work.</summary>
/// <typeparam name="TProgress">What the work reports.</typeparam>
internal abstract class ProgressView<TProgress>
{
    /// <summary>What is shown once a stop was asked for.</summary>
    internal const string Stopping = "stopping after this step; Ctrl-C again ends at once and leaves the last checkpoint";

    private volatile bool _isStopping;

    /// <summary>Whether a stop was asked for; set from another thread.</summary>
    internal bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>How much of what comes before the work is done, 0 to 1.</summary>
    internal double Prepared { get; set; }

    /// <summary>Takes over where the work stands.</summary>
    internal abstract void Show(TProgress progress);

    /// <summary>The state as it is now.</summary>
    internal abstract IRenderable Render();
}

/// <summary>
/// What a live display shows of work that evaluates itself: a bar, the phase, figures, and the last evaluation beside the best.
/// </summary>
/// <param name="read">What the view has in common with others.</param>
/// <param name="columns">What stands above the cells of an evaluation.</param>
internal abstract class EvaluatedView<TProgress, TEvaluation>(Func<TProgress, News<TEvaluation>> read, params string[] columns)
    : ProgressView<TProgress>
    where TProgress : class
    where TEvaluation : class
{
    private TProgress? _progress;
    private TEvaluation? _best;
    private string? _notice;

    /// <inheritdoc/>
    internal sealed override void Show(TProgress progress)
    {
        var news = read(_progress = progress);
        _notice = news.Notice ?? _notice;
        if (news.IsBest)
            _best = news.Evaluation;
    }

    /// <inheritdoc/>
    internal sealed override IRenderable Render() => _progress is { } progress
        ? new Rows(
        [
            Bar(progress), new Markup(IsStopping ? $"[yellow]{Stopping}[/]" : Phase(progress)), .. Figures(progress),
            new Text(_notice ?? "", new Style(Color.Yellow)), Evaluations(read(progress).Evaluation),
        ])
        : RenderPreparation(IsStopping ? "stopping" : Preparation);

    /// <summary>What is done before the work reports anything.</summary>
    private protected abstract string Preparation { get; }

    /// <summary>How much of the work is done.</summary>
    private protected abstract Markup Bar(TProgress progress);

    /// <summary>What is being done.</summary>
    private protected abstract string Phase(TProgress progress);

    /// <summary>Lines of figures.</summary>
    private protected abstract IEnumerable<Markup> Figures(TProgress progress);

    /// <summary>The cells of the network that the work is held against; none where there is none.</summary>
    private protected virtual string[] Original => [];

    /// <summary>The cells of an evaluation.</summary>
    private protected abstract string[] Cells(TEvaluation evaluation);

    /// <summary>Named figures in a line; those without a text are left out.</summary>
    private protected static Markup Line(params IEnumerable<(string Name, string? Text)> figures) =>
        new(string.Join("   ", figures.Where(figure => figure.Text is not null).Select(figure => $"[grey]{figure.Name}[/] {figure.Text}")));

    private IRenderable RenderPreparation(string text) => Prepared > 0 ? ProgressBar.Of(Prepared, text) : new Text(text);

    private Table Evaluations(TEvaluation? last)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns.Prepend(""))
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true });
        if (Original.Length > 0)
            table.AddRow(["original", .. Original]);
        foreach (var (name, evaluation) in new[] { ("last", last), ("best", _best) })
            table.AddRow(evaluation is null ? [name, "[grey]not evaluated yet[/]"] : [name, .. Cells(evaluation)]);
        return table;
    }
}

/// <summary>A bar with its part in per cent and a word behind it.</summary>
internal static class ProgressBar
{
    private const int Width = 40;

    /// <summary>The bar.</summary>
    /// <param name="part">How much of it is done, 0 to 1.</param>
    /// <param name="text">Markup behind it.</param>
    internal static Markup Of(double part, string text)
    {
        var done = (int)(Width * Math.Clamp(part, 0, 1));
        var percent = string.Create(CultureInfo.InvariantCulture, $"{100 * part,3:F0} %");
        return new Markup($"[green]{new string('━', done)}[/][grey]{new string('━', Width - done)}[/] {percent}  {text}");
    }
}
