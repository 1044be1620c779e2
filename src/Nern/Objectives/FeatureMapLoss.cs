using Nern.Engine;

namespace Nern.Objectives;

/// <summary>Forms of the feature-map distillation loss.</summary>
public enum FeatureMapLossForm
{
    /// <summary>The released code: 1e-3 is added to the norms.</summary>
    Released,
    /// <summary>The norms as they are (paper, equation 4); a map of zeros stays one.</summary>
    Exact,
}

/// <summary>
/// Feature-map distillation (paper, equation 4): per sample the squared distance of the two maps, each divided by its l2 norm, to
/// which e = 1e-3 or 0 is added:
/// || s / (|s| + e) - t / (|t| + e) ||^2 = |s|^2 u^2 + |t|^2 v^2 - 2 s·t u v with u = 1 / (|s| + e), v = 1 / (|t| + e).
/// Both the value and the gradient, which is a combination of s and t, follow from three inner products.
/// </summary>
internal static class FeatureMapLoss
{
    /// <summary>Added to the norms in the released form.</summary>
    internal const double Epsilon = 1e-3;

    /// <summary>The loss in a form.</summary>
    internal static MapLoss Of(FeatureMapLossForm form)
    {
        var epsilon = form == FeatureMapLossForm.Released ? Epsilon : 0;
        return products => Of(products, epsilon);
    }

    /// <summary>The loss of one sample, and the factors of s and t in its gradient with respect to s.</summary>
    private static (double Loss, double Student, double Teacher) Of(InnerProducts products, double epsilon)
    {
        var (ss, tt, st) = products;
        var norm = Math.Sqrt(ss);
        var (u, v) = (Inverse(norm + epsilon), Inverse(Math.Sqrt(tt) + epsilon));
        var loss = (ss * u * u) + (tt * v * v) - (2 * st * u * v);
        // d/ds of ss u² - 2 st u v, where du/ds = -u² s / |s|; a zero map has no direction to shrink or grow in.
        var radial = norm > 0 ? 2 * u * u / norm * ((st * v) - (ss * u)) : 0;
        return (loss, (2 * u * u) + radial, -2 * u * v);
    }

    /// <summary>
    /// The squared distance of the two maps of a sample over the squared norm of the original's: |s - t|^2 / |t|^2. Unlike equation 4 it sees
    /// their scale. A map of zeros counts as it is.
    /// </summary>
    internal static (double Loss, double Student, double Teacher) Relative(InnerProducts products)
    {
        var (ss, tt, st) = products;
        var weight = tt > 0 ? 1 / tt : 1;
        return (weight * (ss - (2 * st) + tt), 2 * weight, -2 * weight);
    }

    private static double Inverse(double norm) => norm > 0 ? 1 / norm : 0;
}
