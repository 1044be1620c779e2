using Nern.Fitting.Sampling;

namespace Nern.Tests.Fitting.Sampling;

/// <summary>How often each kernel comes up.</summary>
internal static class Frequencies
{
    public static int[] Count(KernelSampler sampler, int kernels, int draws, ulong seed)
    {
        var generator = new Generator(seed);
        var counts = new int[kernels];
        var batch = new int[sampler.BatchSize];
        for (var draw = 0; draw < draws; draw++)
        {
            foreach (var kernel in batch.AsSpan(0, sampler.Sample(batch, generator)))
                counts[kernel]++;
        }

        return counts;
    }

    /// <summary>Pearson's statistic against the expected counts.</summary>
    public static double ChiSquare(int[] counts, Func<int, double> expected) =>
        counts.Select((count, i) => (count - expected(i)) * (count - expected(i)) / expected(i)).Sum();
}
