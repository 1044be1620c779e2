using Nern.Fitting.Sampling;

namespace Nern.Tests.Fitting.Sampling;

public class MagnitudeSamplerTests
{
    private static readonly float[] Norms = [.. Enumerable.Range(1, 50).Select(i => i / 10f)];

    [Fact]
    public void A_single_kernel_is_drawn_in_proportion_to_its_norm()
    {
        var counts = Frequencies.Count(new MagnitudeSampler(Norms, 1, uniformProbability: 0), 50, draws: 100_000, seed: 1);
        Assert.InRange(Frequencies.ChiSquare(counts, i => 100_000.0 * Norms[i] / Norms.Sum()), 0, 86);
    }

    [Fact]
    public void A_pair_is_drawn_one_after_the_other_in_proportion_to_the_norms_left()
    {
        float[] norms = [1, 2, 3, 4];
        var counts = Frequencies.Count(new MagnitudeSampler(norms, 2, uniformProbability: 0), 4, draws: 50_000, seed: 2);
        double First(int i) => norms[i] / 10;
        double Second(int i) => Enumerable.Range(0, 4).Where(j => j != i).Sum(j => First(j) * norms[i] / (10 - norms[j]));
        double Expected(int i) => 50_000 * (First(i) + Second(i));
        Assert.InRange(Frequencies.ChiSquare(counts, Expected), 0, 16);
    }

    [Fact]
    public void Part_of_the_batches_is_uniform()
    {
        var counts = Frequencies.Count(new MagnitudeSampler(Norms, 1), 50, draws: 100_000, seed: 3);
        Assert.InRange(Frequencies.ChiSquare(counts, i => 80_000.0 / 50 + 20_000.0 * Norms[i] / Norms.Sum()), 0, 86);
    }

    [Fact]
    public void Kernels_of_zeros_only_fill_up_the_batch_and_do_so_evenly()
    {
        float[] norms = [0, 2, 0, 1, 0, 0];
        var counts = Frequencies.Count(new MagnitudeSampler(norms, 3, uniformProbability: 0), 6, draws: 4000, seed: 4);
        Assert.Equal(4000, counts[1]);
        Assert.Equal(4000, counts[3]);
        Assert.InRange(Frequencies.ChiSquare([counts[0], counts[2], counts[4], counts[5]], _ => 1000), 0, 16);
    }

    [Fact]
    public void A_network_of_zeros_is_drawn_from_evenly()
    {
        var counts = Frequencies.Count(new MagnitudeSampler(new float[20], 5, uniformProbability: 0), 20, draws: 4000, seed: 5);
        Assert.InRange(Frequencies.ChiSquare(counts, _ => 1000), 0, 44);
    }
}
