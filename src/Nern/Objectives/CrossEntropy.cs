using System.Numerics.Tensors;

namespace Nern.Objectives;

/// <summary>
/// The cross-entropy with the true classes: per sample -sum_c t_c log q_c, where q is the softmax of the logits and t the label, of
/// which a share e is spread over all classes: t_c = (1 - e) [c is the label] + e / classes (Szegedy et al., <i>Rethinking the
/// Inception Architecture</i>, 2016, section 7). Of a single logit it is the binary cross-entropy (<see cref="LogitRows"/>).
/// </summary>
internal static class CrossEntropy
{
    /// <summary>The loss summed over the samples, and how many were classified correctly; writes the gradient, scaled.</summary>
    /// <param name="logits">[batch, logits].</param>
    /// <param name="labels">[batch].</param>
    /// <param name="gradient">Receives the gradient with respect to the logits, [batch, logits].</param>
    /// <param name="scale">What the gradient is multiplied with: one over the batch size for the mean.</param>
    /// <param name="smoothing">e, in [0, 1).</param>
    internal static (double Loss, int Correct) Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient, double scale, double smoothing)
    {
        var width = logits.Length / labels.Length;
        var rows = new LogitRows(logits, width);
        var (classes, implied) = (rows.Classes, rows.Implied);
        var (loss, correct) = (0.0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = rows[i];
            var normalizer = LogSoftmax.Normalizer(row);
            for (var c = 0; c < classes; c++)
            {
                var target = (smoothing / classes) + (c == labels[i] ? 1 - smoothing : 0);
                var logQ = row[c] - normalizer;
                loss -= target * logQ;
                if (c >= implied)
                    gradient[(i * width) + c - implied] = (float)(scale * (Math.Exp(logQ) - target));
            }
            if (TensorPrimitives.IndexOfMax(row) == labels[i])
                correct++;
        }
        return (loss, correct);
    }
}
