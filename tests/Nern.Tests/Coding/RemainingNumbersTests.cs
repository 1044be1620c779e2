using FsCheck;
using FsCheck.Fluent;
using Nern.Coding;

namespace Nern.Tests.Coding;

public class RemainingNumbersTests
{
    [Fact]
    public void It_is_as_a_list_that_numbers_are_removed_from() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 70), Gen.Choose(0, int.MaxValue)).ToArbitrary(), pair =>
        {
            var (random, list, numbers) = (new Generator((ulong)pair.Item2), Enumerable.Range(0, pair.Item1).ToList(), new RemainingNumbers(pair.Item1));
            while (list.Count > 0)
            {
                var rank = random.NextInt32(list.Count);
                Assert.Equal(Enumerable.Range(0, list.Count), list.Select(numbers.RankOf));
                Assert.Equal(list[rank], numbers.Take(rank));
                list.RemoveAt(rank);
            }
            numbers.PutBack();
            Assert.Equal(Enumerable.Range(0, pair.Item1), Enumerable.Range(0, numbers.Count).Select(_ => numbers.Take(0)));
        }).QuickCheckThrowOnFailure();
}
