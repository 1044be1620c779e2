using System.Numerics.Tensors;
using Nern.Objectives;

namespace Nern.Fitting;

/// <summary>Tells when a fit is lost: something is no longer a number, or the weights are far beyond any that make sense.</summary>
/// <param name="largestReconstruction">The reconstruction loss above which it is lost.</param>
internal readonly struct Divergence(double largestReconstruction)
{
    /// <summary>A reconstruction this many times as far from the original as one of zeros is lost.</summary>
    internal const double Zeros = 10;

    /// <summary>The term that shows it, with its value; null while all is well.</summary>
    internal string? Of(Losses losses, ReadOnlySpan<float> parameters) =>
        !(losses.Reconstruction <= largestReconstruction) ? Describe("reconstruction loss", losses.Reconstruction)
        : !double.IsFinite(losses.Kd) ? Describe("kd loss", losses.Kd)
        : !double.IsFinite(losses.Fmd) ? Describe("fmd loss", losses.Fmd)
        // One sum tells: whatever is not finite stays so.
        : TensorPrimitives.Sum(parameters) is var sum && !float.IsFinite(sum) ? Describe("sum of the parameters", sum)
        : null;

    private static string Describe(string term, double value) => FormattableString.Invariant($"{term} {value:g4}");
}
