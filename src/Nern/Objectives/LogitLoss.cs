namespace Nern.Objectives;

/// <summary>Forms of the logit distillation loss.</summary>
public enum LogitLossForm
{
    /// <summary>The released code's stable form: log(softmax(reconstruction) + 1e-4).</summary>
    Stable,
    /// <summary>The Kullback-Leibler divergence as it is.</summary>
    Exact,
}

/// <summary>
/// Logit distillation (paper, equation 5): per sample sum_c p_c (log p_c - log(q_c + e)) with p and q the softmax of the
/// original's and the reconstruction's logits, e = 1e-4 or 0. Of a single logit it is that of the sigmoids (<see cref="LogitRows"/>).
/// </summary>
internal static class LogitLoss
{
    /// <summary>The loss summed over the samples; writes its gradient with respect to <paramref name="reconstruction"/>, scaled.</summary>
    /// <param name="original">[batch, logits].</param>
    /// <param name="reconstruction">[batch, logits].</param>
    /// <param name="gradient">Receives the gradient, [batch, logits].</param>
    /// <param name="logits">Logits of a sample.</param>
    /// <param name="scale">Weight of the loss over the batch size.</param>
    /// <param name="form">The form.</param>
    internal static double Apply(
        ReadOnlySpan<float> original, ReadOnlySpan<float> reconstruction, Span<float> gradient, int logits, double scale,
        LogitLossForm form)
    {
        var epsilon = form == LogitLossForm.Stable ? 1e-4 : 0;
        var sum = 0.0;
        var originals = new LogitRows(original, logits);
        var reconstructions = new LogitRows(reconstruction, logits);
        var (classes, implied) = (originals.Classes, originals.Implied);
        for (var sample = 0; sample * logits < original.Length; sample++)
        {
            var a = originals[sample];
            var b = reconstructions[sample];
            var slopes = gradient.Slice(sample * logits, logits);
            var (logP, logQ) = (LogSoftmax.Normalizer(a), LogSoftmax.Normalizer(b));
            // With r_c = p_c q_c / (q_c + e), the gradient is q_j sum_c r_c - r_j.
            var total = 0.0;
            for (var c = 0; c < classes; c++)
            {
                var p = Math.Exp(a[c] - logP);
                var q = Math.Exp(b[c] - logQ);
                sum += p * (a[c] - logP - (epsilon == 0 ? b[c] - logQ : Math.Log(q + epsilon)));
                total += Responsibility(p, q, epsilon);
            }
            for (var c = implied; c < classes; c++)
            {
                var p = Math.Exp(a[c] - logP);
                var q = Math.Exp(b[c] - logQ);
                slopes[c - implied] = (float)(scale * ((q * total) - Responsibility(p, q, epsilon)));
            }
        }
        return sum;
    }

    private static double Responsibility(double p, double q, double epsilon) => epsilon == 0 ? p : p * q / (q + epsilon);
}
