using Nern.Evaluation;
using Nern.Insight;

namespace Nern.Tests.Insight;

public class ClassChangeTests
{
    [Fact]
    public void Images_that_change_their_class_are_counted_by_both_classes()
    {
        int[] labels = [0, 1, 1, 2, 0, 2];
        var changes = ClassChange.Of(Choosing([0, 0, 0, 2, 0, 1], labels), Choosing([0, 1, 1, 1, 1, 2], labels));

        // Of 0 to 1 two were wrong and are right, one was right and is wrong.
        Assert.Equal([new(0, 1, 3, Lost: 1, Won: 2), new(1, 2, 1, 0, 1), new(2, 1, 1, 1, 0)], changes);
    }

    [Fact]
    public void Lost_and_won_make_up_the_difference_of_the_accuracies()
    {
        var random = new Generator(1);
        int[] labels = Draw(), before = Draw(), after = Draw();
        var (original, reconstruction) = (Choosing(before, labels), Choosing(after, labels));

        var changes = ClassChange.Of(original, reconstruction);

        Assert.Equal(
            reconstruction.Accuracy.Correct - original.Accuracy.Correct,
            changes.Sum(change => change.Won) - changes.Sum(change => change.Lost));
        Assert.Equal(200 - Agreement.Of(original.Logits, reconstruction.Logits, 3).Same, changes.Sum(change => change.Count));
        Assert.True(changes.Zip(changes.Skip(1)).All(pair => pair.First.Count >= pair.Second.Count));

        int[] Draw() => [.. Enumerable.Range(0, 200).Select(_ => random.NextInt32(3))];
    }

    [Fact]
    public void Other_images_are_refused() =>
        Assert.Throws<ArgumentException>(() => ClassChange.Of(Choosing([0, 1], [0, 1]), Choosing([0, 1], [1, 0])));

    [Fact]
    public void A_single_logit_chooses_one_of_two_classes() => Assert.Equal(
        [new(0, 1, 1, Lost: 0, Won: 1)], ClassChange.Of(new Classification([-1, 2], [1, 1]), new Classification([3, 2], [1, 1])));

    private static Classification Choosing(int[] classes, int[] labels) => new(
        [.. classes.SelectMany(chosen => Enumerable.Range(0, 3).Select(c => c == chosen ? 1f : 0f))], labels);
}
