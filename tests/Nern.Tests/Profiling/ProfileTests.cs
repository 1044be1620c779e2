using Nern.Profiling;

namespace Nern.Tests.Profiling;

public class ProfileTests
{
    private static readonly ProfilePiece[] Pieces =
    [
        new("products", Runs: 4, Seconds: 0.5, FloatingPointOperations: 1e9, FloorSeconds: 0.4),
        new("images", Runs: 1, Seconds: 0.25, FloatingPointOperations: 0, FloorSeconds: 0),
    ];

    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 5.0, 1, 2 }, 2)]
    [InlineData(new[] { 5.0, 1, 2, 4 }, 3)]
    public void The_median_does_not_mind_the_order(double[] seconds, double median) =>
        Assert.Equal(median, new Profile(seconds, seconds, Pieces, 0, 0).MedianSeconds);

    [Fact]
    public void A_share_is_that_of_a_run_and_the_floor_measured_after_it()
    {
        var profile = new Profile([0.8, 1.6, 0.5], [0.4, 0.6, 0.4], Pieces, AllocatedBytes: 0, PeakResidentBytes: 1);

        Assert.Equal((1e9, 0.4), (profile.FloatingPointOperations, profile.FloorSeconds));
        Assert.Equal(1.25e9, profile.Rate, 1e-3);
        Assert.Equal(0.5, profile.FloorShare, 1e-12);
    }

    [Fact]
    public void A_piece_without_counted_operations_has_no_rate_and_no_floor()
    {
        Assert.Equal((2e9, 0.8), (Pieces[0].Rate, Pieces[0].FloorShare));
        Assert.Equal((0, 0), (Pieces[1].Rate, Pieces[1].FloorShare));
        Assert.Equal((0, 0), (new ProfilePiece("", 0, 0, 1, 1).Rate, new ProfilePiece("", 0, 0, 1, 1).FloorShare));
    }
}
