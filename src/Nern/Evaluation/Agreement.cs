using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using Nern.Objectives;
using Nern.Ranks;

namespace Nern.Evaluation;

/// <summary>How alike a reconstruction and its original classify the same images.</summary>
/// <param name="Same">Images both put into one class.</param>
/// <param name="Count">All images.</param>
/// <param name="MeanDivergence">
/// The mean of KL(softmax(original) || softmax(reconstruction)) over the images, in nats (paper, equation 5).
/// </param>
public readonly record struct Agreement(int Same, int Count, double MeanDivergence)
{
    /// <summary>The share of images both put into one class, 0 to 1.</summary>
    public double Share => Count == 0 ? 0 : (double)Same / Count;

    /// <summary>
    /// The share of images that the original expects the reconstruction to get wrong beyond its own: the mean of p(argmax p) - p(argmax q), where p and q
    /// are the softmax of both. An estimate of lost accuracy that needs no labels; too high where the original is surer than it should be.
    /// </summary>
    [JsonIgnore]
    public double ExpectedLoss { get; init; }

    /// <summary>Compares two sets of logits, [images, logits].</summary>
    /// <param name="original">The original's.</param>
    /// <param name="reconstruction">The reconstruction's.</param>
    /// <param name="logits">Logits of an image; a single one is that of the second of two classes.</param>
    public static Agreement Of(ReadOnlySpan<float> original, ReadOnlySpan<float> reconstruction, int logits)
    {
        if (original.Length != reconstruction.Length)
            throw new ArgumentException($"Logits of {original.Length} and {reconstruction.Length} values cannot be compared.",
                nameof(reconstruction));
        var (same, divergence, loss, count) = (0, 0.0, 0.0, original.Length / logits);
        var originals = new LogitRows(original, logits);
        var reconstructions = new LogitRows(reconstruction, logits);
        for (var i = 0; i < count; i++)
        {
            var p = originals[i];
            var q = reconstructions[i];
            var (ofOriginal, ofReconstruction) = (TensorPrimitives.IndexOfMax(p), TensorPrimitives.IndexOfMax(q));
            var (logP, logQ) = (LogSoftmax.Normalizer(p), LogSoftmax.Normalizer(q));
            if (ofOriginal == ofReconstruction)
                same++;
            else
                loss += Math.Exp(p[ofOriginal] - logP) - Math.Exp(p[ofReconstruction] - logP);
            for (var c = 0; c < originals.Classes; c++)
                divergence += Math.Exp(p[c] - logP) * (p[c] - logP - (q[c] - logQ));
        }
        var images = Math.Max(1, count);
        return new(same, count, divergence / images) { ExpectedLoss = loss / images };
    }

    /// <summary>That of all ranks' images together.</summary>
    internal Agreement Over(Communicator ranks)
    {
        if (!ranks.IsShared)
            return this;
        Span<double> sums = [Same, Count, MeanDivergence * Count, ExpectedLoss * Count];
        ranks.Sum(sums);
        var images = Math.Max(1, sums[1]);
        return new((int)sums[0], (int)sums[1], sums[2] / images) { ExpectedLoss = sums[3] / images };
    }

    /// <summary>For example <c>97.25 % (989 of 1017), mean KL 0.0312</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{100 * Share:F2} % ({Same} of {Count}), mean KL {MeanDivergence:F4}");
}
