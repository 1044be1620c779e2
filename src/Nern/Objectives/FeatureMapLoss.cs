using Nern.Engine;

namespace Nern.Objectives;

/// <summary>
/// Feature-map distillation (paper, equation 4): per sample the squared distance of the two maps, each divided by its
/// l2 norm; the released code adds 1e-3 to the norms, and so does this:
/// || s / (|s| + e) - t / (|t| + e) ||^2 = |s|^2 u^2 + |t|^2 v^2 - 2 s·t u v with u = 1 / (|s| + e), v = 1 / (|t| + e).
/// Both the value and the gradient, which is a combination of s and t, follow from three inner products.
/// </summary>
internal static class FeatureMapLoss
{
    /// <summary>Added to the norms.</summary>
    internal const double Epsilon = 1e-3;

    /// <summary>The loss of one sample, and the factors of s and t in its gradient with respect to s.</summary>
    internal static (double Loss, double Student, double Teacher) Of(InnerProducts products)
    {
        var (ss, tt, st) = products;
        var norm = Math.Sqrt(ss);
        var u = 1 / (norm + Epsilon);
        var v = 1 / (Math.Sqrt(tt) + Epsilon);
        var loss = (ss * u * u) + (tt * v * v) - (2 * st * u * v);
        // d/ds of ss u² - 2 st u v, where du/ds = -u² s / |s|; a zero map has no direction to shrink or grow in.
        var radial = norm > 0 ? 2 * u * u / norm * ((st * v) - (ss * u)) : 0;
        return (loss, (2 * u * u) + radial, -2 * u * v);
    }
}
