using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nern.Optimizers;

/// <summary>
/// Takes its mean over the fan-in off each row of a weight matrix's gradient
/// (Yong et al., <i>Gradient Centralization: A New Optimization Technique for Deep Neural Networks</i>, 2020, eq. 1).
/// </summary>
internal static class GradientCentralization
{
    /// <summary>Centres [rows, <paramref name="columns"/>] in place.</summary>
    public static void Centralize(Span<float> gradient, int columns)
    {
        for (; !gradient.IsEmpty; gradient = gradient[columns..])
            CentralizeRow(gradient[..columns]);
    }

    private static void CentralizeRow(Span<float> row)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(row);
        var rest = row[(vectors.Length * Vector512<float>.Count)..];

        var sums = Vector512<float>.Zero;
        foreach (var vector in vectors)
            sums += vector;
        // Folded by hand: Vector512.Sum does not promise an order of additions.
        var half = sums.GetLower() + sums.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        var sum = quarter[0] + quarter[1] + (quarter[2] + quarter[3]);
        foreach (var value in rest)
            sum += value;

        var mean = sum / row.Length;
        foreach (ref var vector in vectors)
            vector -= Vector512.Create(mean);
        foreach (ref var value in rest)
            value -= mean;
    }
}
