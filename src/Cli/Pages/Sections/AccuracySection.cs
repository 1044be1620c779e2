using Nern.Evaluation;
using Nern.Insight;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Pages.Sections;

/// <summary>How good the reconstruction is on the images given.</summary>
internal sealed class AccuracySection(Findings findings) : Section("accuracy", "How good it is")
{
    private const int MostChanges = 12;
    private const double Quantile95 = 1.959963984540054;

    internal override string? Missing => findings is { Given: null, Features: null }
        ? findings.Representation.Graph.EndsInFeatures
            ? "Give --data SOURCE and --original NETWORK to see how alike the features are that both make of the same images."
            : "Give --data SOURCE to see how well the network classifies that the file gives back, and --original NETWORK to compare it."
        : null;

    internal override Html Content()
    {
        if (findings.Features is { } features)
            return new HtmlTable("", "#reconstruction and original")
                .Add("cosine", Figures.Fixed(features.Cosine, 4)).Add("relative error", Figures.Fraction(features.RelativeError))
                .ToHtml($"The features of {Figures.Count(features.Count)} test images, means over the images.");
        var given = findings.Given!;
        var images = given.Labels.Length;
        if (findings.Expected is not { } expected)
            return new HtmlTable("", "#reconstruction", "#95 % interval").Add("accuracy", $"{given.Accuracy}", Interval(given.Accuracy))
                .ToHtml($"Accuracy on {Figures.Count(images)} test images.") + Absent("Give --original NETWORK to compare it with the original.");
        var agreement = Agreement.Of(expected.Logits, given.Logits, findings.Representation.Graph.Logits);
        var table = new HtmlTable("", "#original", "#reconstruction", "#difference")
            .Add("accuracy", Share(expected.Accuracy), Share(given.Accuracy), Points(given.Accuracy.Share - expected.Accuracy.Share))
            .Add("95 % interval", Interval(expected.Accuracy), Interval(given.Accuracy), PairedInterval(expected, given))
            .Add("correct", Of(expected.Accuracy), Of(given.Accuracy), Signed(given.Accuracy.Correct - expected.Accuracy.Correct));
        if (findings.Representation.Graph.Classes > 100)
            table.Add("top five", Share(expected.TopFive), Share(given.TopFive), Points(given.TopFive.Share - expected.TopFive.Share));
        var same = new Accuracy(agreement.Same, agreement.Count);
        return table.ToHtml(
                $"Accuracy on {Figures.Count(images)} test images. Intervals of one accuracy are Wilson's; that of the difference is "
                + "of pairs, since both networks saw the same images.")
            + Tag(
                "p", $"Both put an image into the same class for {Share(same)} of the images (95 % interval {Interval(same)}), whether "
                    + "that class is right or not. The mean Kullback-Leibler divergence of the reconstruction's probabilities from "
                    + $"the original's is {Figures.Small(agreement.MeanDivergence)} nats.")
            + Changes(ClassChange.Of(expected, given));
    }

    private static Html Changes(IReadOnlyList<ClassChange> changes)
    {
        if (changes.Count == 0)
            return Tag("p", "There is no image that they put into different classes.");
        var table = new HtmlTable("#original's class", "#reconstruction's class", "#images", "#right before", "#right now");
        foreach (var change in changes.Take(MostChanges))
            table.Add($"{change.From}", $"{change.To}", $"{change.Count}", $"{change.Lost}", $"{change.Won}");
        table.Sum(
            "all", "", $"{changes.Sum(change => change.Count)}", $"{changes.Sum(change => change.Lost)}",
            $"{changes.Sum(change => change.Won)}");
        return table.ToHtml(
            "Where the two differ: images by the class that each network puts them into, classes numbered from 0 as the data has them. "
            + (changes.Count > MostChanges ? $"The {MostChanges} most frequent of {changes.Count} pairs are shown; the last row is of "
            + "all. " : "")
            + "What was right before and is not now is what the representation costs; what is right only now it has won.");
    }

    private static string Share(Accuracy accuracy) => Figures.Percent(accuracy.Share);

    private static string Of(Accuracy accuracy) => $"{Figures.Count(accuracy.Correct)} of {Figures.Count(accuracy.Count)}";

    private static string Interval(Accuracy accuracy) =>
        $"{Figures.Fixed(100 * accuracy.Interval.Low, 2)} to {Figures.Fixed(100 * accuracy.Interval.High, 2)}";

    private static string PairedInterval(Classification expected, Classification given)
    {
        var changes = ClassChange.Of(expected, given);
        double lost = changes.Sum(change => change.Lost), won = changes.Sum(change => change.Won);
        double images = Math.Max(1, given.Labels.Length);
        var middle = (won - lost) / images;
        var half = Quantile95 * Math.Sqrt((won + lost - ((won - lost) * (won - lost) / images)) / images / images);
        return $"{Points(middle - half)} to {Points(middle + half)}";
    }

    private static string Points(double share) => $"{(share < 0 ? "−" : "+")}{Figures.Fixed(100 * Math.Abs(share), 2)}";

    private static string Signed(int count) => $"{(count < 0 ? "−" : "+")}{Math.Abs(count)}";
}
