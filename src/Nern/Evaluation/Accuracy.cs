using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using Nern.Objectives;
using Nern.Ranks;

namespace Nern.Evaluation;

/// <summary>How many images a network classified correctly.</summary>
/// <param name="Correct">Correctly classified images.</param>
/// <param name="Count">All images.</param>
public readonly record struct Accuracy(int Correct, int Count)
{
    /// <summary>The share of correct ones, 0 to 1.</summary>
    public double Share => Count == 0 ? 0 : (double)Correct / Count;

    /// <summary>
    /// Shares that go with the count: where the true one lies for 95 of 100 sets of images (Wilson, <i>JASA</i> 22, 1927).
    /// </summary>
    [JsonIgnore]
    public (double Low, double High) Interval
    {
        get
        {
            const double Squared = 1.959963984540054 * 1.959963984540054;
            if (Count == 0)
                return (0, 1);
            var middle = (Correct + (Squared / 2)) / (Count + Squared);
            var half = Math.Sqrt(Squared * ((Share * (1 - Share) * Count) + (Squared / 4))) / (Count + Squared);
            return (Math.Max(0, middle - half), Math.Min(1, middle + half));
        }
    }

    /// <summary>
    /// Counts the rows of <paramref name="logits"/> ([images, logits]) where the label is among the largest <paramref name="top"/>
    /// entries; of equal ones the first counts as the largest. A single logit is that of the second of two classes: class 1 where it is
    /// above 0, else class 0.
    /// </summary>
    public static Accuracy Of(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int top = 1)
    {
        var rows = new LogitRows(logits, labels.Length == 0 ? 0 : logits.Length / labels.Length);
        var correct = 0;
        for (var i = 0; i < labels.Length; i++)
            if (IsAmong(rows[i], labels[i], top))
                correct++;
        return new(correct, labels.Length);
    }

    /// <summary>That of all ranks' images together.</summary>
    internal Accuracy Over(Communicator ranks)
    {
        Span<double> sums = [Correct, Count];
        ranks.Sum(sums);
        return new((int)sums[0], (int)sums[1]);
    }

    private static bool IsAmong(ReadOnlySpan<float> logits, int label, int top)
    {
        if (top == 1)
            return TensorPrimitives.IndexOfMax(logits) == label;
        var before = 0;
        for (var i = 0; i < logits.Length; i++)
            if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label) || float.IsNaN(logits[i]))
                before++;
        return before < top;
    }

    /// <summary>For example <c>91.64 % (932 of 1017)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Share:F2} % ({Correct} of {Count})");
}
