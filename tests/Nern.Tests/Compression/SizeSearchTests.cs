using Nern.Compression;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Tests.Fitting;

namespace Nern.Tests.Compression;

public sealed class SizeSearchTests : IDisposable
{
    private static readonly CompressOptions Options = new() { Steps = 16, Batch = 4, Precision = Precision.Float32, Seed = 3 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_found_loses_little_enough_and_something_a_little_smaller_does_not()
    {
        using var subject = new FitCase();
        var search = Search(subject, points: 8);

        Run(search);

        var found = (long)search.Found.Size.Value;
        Assert.True(search.Trials.Single(trial => trial.Bytes == found).IsWithin);
        Assert.All(search.Trials, trial => Assert.Equal(trial.Points <= 8, trial.IsWithin));
        Assert.InRange(search.Trials.Where(trial => !trial.IsWithin).Max(trial => trial.Bytes), 0.9 * found, found);
        Assert.All(search.Trials.Where(trial => trial.Bytes < found), trial => Assert.False(trial.IsWithin));
    }

    [Fact]
    public void A_search_that_was_stopped_goes_on_to_the_same_size()
    {
        using var subject = new FitCase();
        var whole = Search(subject, points: 8);
        Run(whole);
        var path = _folder.File("sizes");
        var first = Search(subject, points: 8);
        first.Try();
        first.Try(null, new CancellationToken(true));
        first.Save(path);
        Assert.Single(first.Trials);

        var second = Search(subject, points: 8);
        second.Resume(UnfinishedSizeSearch.Load(path));
        Run(second);

        Assert.Equal(whole.Trials, second.Trials);
        Assert.Contains("within was 8", Assert.Throws<NernException>(
            () => Search(subject, points: 9).Resume(UnfinishedSizeSearch.Load(path))).Message);
    }

    [Fact]
    public void Where_all_may_be_lost_the_file_is_as_small_as_can_be()
    {
        using var subject = new FitCase();
        var search = Search(subject, points: 100);
        Run(search);
        Assert.Null(search.Trials[^1].Points);
        Assert.Contains("too small", Assert.ThrowsAny<NernException>(() => new Compressor(
            subject.Engine, subject.Network, subject.Inputs(),
            Options with { Size = new(0.9 * search.Found.Size.Value, IsPercent: false) })).Message);
    }

    [Theory]
    [InlineData(new[] { 0, 5f, 0 }, new[] { 0, 4f, 0 }, 0)]
    [InlineData(new[] { 0, 5f, 0 }, new[] { 4, 0f, 0 }, 0.9868 - 0.0066)]
    public void What_is_lost_is_what_the_original_says_of_the_other_answer(float[] original, float[] reconstruction, double loss) =>
        Assert.Equal(loss, Agreement.Of(original, reconstruction, 3).ExpectedLoss, 3);

    private static SizeSearch Search(FitCase subject, double points) =>
        new(subject.Engine, subject.Network, subject.Inputs(), Options, points);

    private static void Run(SizeSearch search)
    {
        while (search.Next is not null)
            search.Try();
    }
}
