using System.Numerics.Tensors;
using Nern.Evaluation;
using Nern.Objectives;

namespace Nern.Insight;

/// <summary>Images that a reconstruction puts into another class than the original does.</summary>
/// <param name="From">The original's class.</param>
/// <param name="To">The reconstruction's.</param>
/// <param name="Count">How many images.</param>
/// <param name="Lost">How many of them the original had right.</param>
/// <param name="Won">How many of them the reconstruction has right.</param>
public sealed record ClassChange(int From, int To, int Count, int Lost, int Won)
{
    /// <summary>All changes between two classifications of the same images, the most frequent first.</summary>
    /// <param name="original">The original's.</param>
    /// <param name="reconstruction">The reconstruction's.</param>
    /// <exception cref="ArgumentException">They are not of the same images.</exception>
    public static IReadOnlyList<ClassChange> Of(Classification original, Classification reconstruction)
    {
        if (!original.Labels.AsSpan().SequenceEqual(reconstruction.Labels))
            throw new ArgumentException("The two classifications are not of the same images.", nameof(reconstruction));
        var (from, to) = (Choices(original), Choices(reconstruction));
        return
        [
            .. original.Labels.Select((label, i) => (From: from[i], To: to[i], Label: label)).Where(image => image.From != image.To)
                .GroupBy(image => (image.From, image.To)).Select(change => new ClassChange(
                    change.Key.From, change.Key.To, change.Count(), change.Count(image => image.Label == image.From),
                    change.Count(image => image.Label == image.To)))
                .OrderByDescending(change => change.Count).ThenBy(change => change.From).ThenBy(change => change.To),
        ];
    }

    private static int[] Choices(Classification classified)
    {
        var count = classified.Labels.Length;
        var rows = new LogitRows(classified.Logits, count == 0 ? 1 : classified.Logits.Length / count);
        var choices = new int[count];
        for (var i = 0; i < count; i++)
            choices[i] = TensorPrimitives.IndexOfMax(rows[i]);
        return choices;
    }
}
