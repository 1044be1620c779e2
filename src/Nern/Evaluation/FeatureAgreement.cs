using Nern.Engine;
using Nern.Ranks;

namespace Nern.Evaluation;

/// <summary>How alike the features are that a reconstruction and its original make of the same images.</summary>
/// <param name="Cosine">The mean cosine of the two vectors, -1 to 1; that of a vector of zeros is 0.</param>
/// <param name="RelativeError">The mean of |s - t| / |t| with the original's t; of one of zeros, |s - t|.</param>
/// <param name="Count">All images.</param>
public readonly record struct FeatureAgreement(double Cosine, double RelativeError, int Count)
{
    /// <summary>Compares two sets of features, [images, features].</summary>
    /// <param name="original">The original's.</param>
    /// <param name="reconstruction">The reconstruction's.</param>
    /// <param name="features">Features of an image.</param>
    public static FeatureAgreement Of(ReadOnlySpan<float> original, ReadOnlySpan<float> reconstruction, int features)
    {
        if (original.Length != reconstruction.Length)
            throw new ArgumentException($"Features of {original.Length} and {reconstruction.Length} values cannot be compared.",
                nameof(reconstruction));
        var (cosine, error, count) = (0.0, 0.0, original.Length / features);
        for (var i = 0; i < count; i++)
        {
            var t = original.Slice(i * features, features);
            var s = reconstruction.Slice(i * features, features);
            var (ss, tt, st) = InnerProducts.Of(s, t);
            cosine += ss > 0 && tt > 0 ? st / Math.Sqrt(ss * tt) : 0;
            // Not from the products: of vectors that are nearly the same these cancel.
            var squared = 0.0;
            for (var c = 0; c < features; c++)
                squared += ((double)s[c] - t[c]) * ((double)s[c] - t[c]);
            error += Math.Sqrt(tt > 0 ? squared / tt : squared);
        }
        var images = Math.Max(1, count);
        return new(cosine / images, error / images, count);
    }

    /// <summary>That of all ranks' images together.</summary>
    internal FeatureAgreement Over(Communicator ranks)
    {
        if (!ranks.IsShared)
            return this;
        Span<double> sums = [Cosine * Count, RelativeError * Count, Count];
        ranks.Sum(sums);
        var images = Math.Max(1, sums[2]);
        return new(sums[0] / images, sums[1] / images, (int)sums[2]);
    }

    /// <summary>For example <c>cosine 0.9931, relative error 0.1172</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"cosine {Cosine:F4}, relative error {RelativeError:F4}");
}
