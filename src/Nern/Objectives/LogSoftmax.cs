namespace Nern.Objectives;

/// <summary>The logarithm of a softmax, log q_c = z_c - log sum_j exp z_j, safe for any finite logits.</summary>
internal static class LogSoftmax
{
    /// <summary>log sum_j exp z_j.</summary>
    internal static double Normalizer(ReadOnlySpan<float> logits)
    {
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
            largest = Math.Max(largest, logit);
        var sum = 0.0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum);
    }
}
