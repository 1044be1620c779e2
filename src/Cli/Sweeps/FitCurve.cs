using Nern.Training;

namespace Nern.Cli.Sweeps;

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
}
