using System.Numerics.Tensors;
using Nern.Fitting.Resuming;
using Nern.Objectives;
using Nern.Runs;

namespace Nern.Fitting;

/// <summary>
/// Tells when a fit is lost, something being no number any more or the weights far beyond any that make sense, and keeps the state that it
/// then goes back to with half the learning rate.
/// </summary>
internal sealed class DivergenceGuard
{
    /// <summary>How often a fit goes back.</summary>
    internal const int MostHalvings = 3;

    /// <summary>Steps between two states that are kept.</summary>
    private const int GoodEvery = 250;

    /// <summary>A reconstruction this many times as far from the original as one of zeros is lost.</summary>
    private const double Zeros = 10;

    private readonly double _largestReconstruction;
    private long _next;

    /// <param name="target">The weights that are fitted.</param>
    /// <param name="form">The form of the reconstruction loss.</param>
    internal DivergenceGuard(ReconstructionTarget target, ReconstructionLossForm form) => _largestReconstruction =
        Zeros * ReconstructionLoss.Of(target.SquaredError(new float[target.Rows.Length]), target.Layout.WeightCount, form).Loss;

    /// <summary>The last good state.</summary>
    internal Snapshot<FitState> Good { get; } = new();

    /// <summary>How often the fit has diverged.</summary>
    internal int Halvings { get; set; }

    /// <summary>What learning rates are divided by.</summary>
    internal int Divisor => 1 << Halvings;

    /// <summary>Whether the state after so many steps is to be kept.</summary>
    internal bool IsDue(long steps) => steps >= _next;

    /// <summary>The state after so many steps is kept.</summary>
    internal void Kept(long steps) => _next = steps + GoodEvery;

    /// <summary>The term that shows that the fit is lost, with its value; null while all is well.</summary>
    internal string? Divergence(Losses losses, ReadOnlySpan<float> parameters) =>
        !(losses.Reconstruction <= _largestReconstruction) ? Describe("reconstruction loss", losses.Reconstruction)
        : !double.IsFinite(losses.Kd) ? Describe("kd loss", losses.Kd)
        : !double.IsFinite(losses.Fmd) ? Describe("fmd loss", losses.Fmd)
        // One sum tells: whatever is not finite stays so.
        : TensorPrimitives.Sum(parameters) is var sum && !float.IsFinite(sum) ? Describe("sum of the parameters", sum)
        : null;

    /// <summary>Halves the learning rate once more.</summary>
    /// <param name="step">Where the fit diverged.</param>
    /// <param name="term">By what that showed.</param>
    /// <param name="learningRate">The learning rate of the step, not yet halved.</param>
    /// <exception cref="NernException">It has been halved as often as it may be.</exception>
    internal void Halve(long step, string term, double learningRate)
    {
        if (Halvings == MostHalvings)
            throw new NernException(FormattableString.Invariant(
                $"The fit diverged at step {step} ({term}) for the fourth time, at a learning rate of {(float)learningRate / Divisor:g3}: try lower rates, or smaller weights of distillation."));
        Halvings++;
    }

    private static string Describe(string term, double value) => FormattableString.Invariant($"{term} {value:g4}");
}
