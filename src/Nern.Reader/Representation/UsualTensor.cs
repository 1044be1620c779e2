using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// Tensors that a folded normalisation has: mean 0, variance 1 - 1e-5, so that with the usual epsilon it divides by 1, and a counter at 0.
/// </summary>
internal static class UsualTensor
{
    /// <summary>The variance that the usual epsilon of 1e-5 makes 1.</summary>
    internal const float Variance = 1 - 1e-5f;

    /// <summary>What is usual under a name; null for nothing.</summary>
    internal static Tensor? Of(string name, IReadOnlyList<int> shape)
    {
        if (name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
            return shape.Count == 0 ? new Tensor(ElementType.Int64, [], new byte[sizeof(long)]) : null;
        var value = name.EndsWith(".running_mean", StringComparison.Ordinal) ? 0f
            : name.EndsWith(".running_var", StringComparison.Ordinal) ? Variance : float.NaN;
        if (float.IsNaN(value) || shape.Count != 1)
            return null;
        var values = new float[shape[0]];
        Array.Fill(values, value);
        return Tensor.From(shape, values);
    }

    /// <summary>Whether a tensor is what is usual under its name.</summary>
    internal static bool IsUsual(string name, Tensor tensor) =>
        Of(name, tensor.Shape) is { } usual && usual.Type == tensor.Type && usual.Data.Span.SequenceEqual(tensor.Data.Span);
}
