using Nern.Ranks;

namespace Nern.Tests.Ranks;

public class AgreementsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void All_go_by_the_clock_of_the_first_and_stop_when_one_is_asked_to(int size)
    {
        var agreed = ThreadRanks.Run(size, ranks => (
            ranks.Agree(TimeSpan.FromTicks(1_000_000_000_000_001 + (ranks.Rank * 7)), isStopped: false),
            ranks.Agree(default, isStopped: ranks.Rank == size - 1)));

        Assert.All(agreed, pair => Assert.Equal(((TimeSpan.FromTicks(1_000_000_000_000_001), false), (default, true)), pair));
    }

    [Fact]
    public void Equal_values_pass_and_one_other_bit_on_one_rank_is_told()
    {
        ThreadRanks.Run(3, ranks =>
        {
            ranks.CheckEqual([1, 2, 3], 5);
            return true;
        });

        var failure = Assert.Throws<AggregateException>(() => ThreadRanks.Run(3, ranks =>
        {
            ranks.CheckEqual([1, ranks.Rank == 1 ? MathF.BitIncrement(2) : 2, 3], 5);
            return true;
        }));
        Assert.All(failure.InnerExceptions, inner => Assert.Contains("different parameters by step 5", inner.Message));
        Assert.Equal(3, failure.InnerExceptions.Count);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    [InlineData(0, 2)]
    public void Shares_are_all_of_it_in_order_and_none_is_larger_than_the_largest(int count, int size)
    {
        var shares = ThreadRanks.Run(size, ranks => (ranks.Share(count), ranks.LargestShare(count)));

        Assert.Equal(0, shares[0].Item1.First);
        Assert.Equal(count, shares[^1].Item1.End);
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.Item1.End, pair.Second.Item1.First));
        Assert.All(shares, share => Assert.InRange(share.Item1.End - share.Item1.First, 0, share.Item2));
    }
}
