using System.Numerics.Tensors;

namespace Nern.Analysis;

/// <summary>How many images a network classified correctly.</summary>
/// <param name="Correct">Correctly classified images.</param>
/// <param name="Count">All images.</param>
public readonly record struct Accuracy(int Correct, int Count)
{
    /// <summary>The share of correct ones, 0 to 1.</summary>
    public double Share => Count == 0 ? 0 : (double)Correct / Count;

    /// <summary>Counts the rows of <paramref name="logits"/> ([images, classes]) whose largest entry is the label.</summary>
    public static Accuracy Of(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        var classes = labels.Length == 0 ? 0 : logits.Length / labels.Length;
        var correct = 0;
        for (var i = 0; i < labels.Length; i++)
            if (TensorPrimitives.IndexOfMax(logits.Slice(i * classes, classes)) == labels[i])
                correct++;
        return new(correct, labels.Length);
    }

    /// <summary>For example <c>91.64 % (932 of 1017)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Share:F2} % ({Correct} of {Count})");
}
