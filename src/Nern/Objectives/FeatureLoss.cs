using Nern.Engine;

namespace Nern.Objectives;

/// <summary>
/// What takes the place of logit distillation (<see cref="LogitLoss"/>) in a network that ends in features, which have no softmax: per sample
/// |s - t|^2 / |t|^2 (<see cref="FeatureMapLoss.Relative"/>).
/// </summary>
internal static class FeatureLoss
{
    /// <summary>The loss summed over the samples; writes its gradient with respect to <paramref name="reconstruction"/>, scaled.</summary>
    /// <param name="original">[batch, features].</param>
    /// <param name="reconstruction">[batch, features].</param>
    /// <param name="gradient">Receives the gradient, [batch, features].</param>
    /// <param name="features">Features of a sample.</param>
    /// <param name="scale">Weight of the loss over the batch size.</param>
    internal static double Apply(
        ReadOnlySpan<float> original, ReadOnlySpan<float> reconstruction, Span<float> gradient, int features, double scale)
    {
        var sum = 0.0;
        for (var first = 0; first < original.Length; first += features)
        {
            var t = original.Slice(first, features);
            var s = reconstruction.Slice(first, features);
            var (loss, student, teacher) = FeatureMapLoss.Relative(InnerProducts.Of(s, t));
            sum += loss;
            for (var i = 0; i < features; i++)
                gradient[first + i] = (float)(scale * ((student * s[i]) + (teacher * t[i])));
        }
        return sum;
    }
}
