using FsCheck;
using FsCheck.Fluent;
using Nern.Compression;

namespace Nern.Tests.Compression;

public class StepSharesTests
{
    [Fact]
    public void What_the_answers_depend_on_more_has_smaller_steps_and_what_has_more_weights_larger_ones()
    {
        Assert.Equal([Math.Sqrt(2), Math.Sqrt(0.5)], Shares([100, 100], [0.01, 0.04]), Near);
        // The logarithms' mean over the weights is 0.
        Assert.Equal([Math.Pow(2, -2.0 / 3), Math.Pow(2, 1.0 / 3)], Shares([100, 200], [0.04, 0.02]), Near);
    }

    [Fact]
    public void What_is_not_rounded_is_not_measured_and_has_a_share_of_1() =>
        Assert.Equal([1, 1, 1], StepShares.Of([0, 10, 0], matrix => matrix == 1 ? 0.3 : throw new InvalidOperationException()), Near);

    [Fact]
    public void What_no_answer_depends_on_has_no_more_than_twice_the_step()
    {
        Assert.Equal([2, 0.25], Shares([10, 10], [0, 1]), Near);
        Assert.Equal([1, 1], Shares([10, 10], [0, 0]), Near);
    }

    [Fact]
    public void No_other_shares_of_as_many_bits_change_the_answers_less() => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
    {
        var random = new Generator(seed);
        int[] weights = [.. Enumerable.Range(0, 5).Select(_ => 100 + random.NextInt32(100))];
        double[] divergences = [.. weights.Select(_ => 0.01 * (1 + random.NextDouble()))];
        var shares = Shares(weights, divergences);
        double Sum(IEnumerable<double> of) => of.Zip(divergences, (share, divergence) => divergence * share * share).Sum();
        double Bits(IEnumerable<double> of) => of.Zip(weights, (share, count) => -count * Math.Log2(share)).Sum();
        double[] others = [.. shares.Select(share => share * Math.Exp(0.2 * random.NextNormal()))];
        // The same number of bits for both.
        var excess = Math.Pow(2, (Bits(others) - Bits(shares)) / weights.Sum());

        Assert.InRange(Sum(others.Select(share => share * excess)), Sum(shares) * (1 - 1e-12), double.MaxValue);
    }).QuickCheckThrowOnFailure();

    private static double[] Shares(int[] weights, double[] divergences) => StepShares.Of(weights, matrix => divergences[matrix]);

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-9;
}
