namespace Nern.Optimizers;

/// <summary>
/// How far RAdam trusts the second moment after some steps (Liu et al., <i>On the Variance of the Adaptive Learning Rate and Beyond</i>,
/// 2020, algorithm 2): not at all while the history it averages is short, then by a factor that grows towards Adam's.
/// </summary>
internal readonly record struct Rectification
{
    public Rectification(RangerOptions options, long step)
    {
        var power = Math.Pow(options.Beta2, step);
        var limit = 2 / (1 - options.Beta2) - 1;
        var length = limit - 2 * step * power / (1 - power);
        IsAdaptive = length > options.RectificationThreshold;
        var factor = IsAdaptive
            ? Math.Sqrt((1 - power) * (length - 4) / (limit - 4) * (length - 2) / length * limit / (limit - 2))
            : 1;
        StepSize = factor / (1 - Math.Pow(options.Beta1, step));
    }

    /// <summary>Whether the step is divided by the root of the second moment.</summary>
    public bool IsAdaptive { get; }

    /// <summary>What the learning rate is multiplied with; both bias corrections are in it.</summary>
    public double StepSize { get; }
}
