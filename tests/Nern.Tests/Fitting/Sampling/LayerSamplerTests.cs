using Nern.Fitting.Sampling;

namespace Nern.Tests.Fitting.Sampling;

public class LayerSamplerTests
{
    [Fact]
    public void A_batch_is_a_whole_layer_when_it_fits()
    {
        var sampler = new LayerSampler([3, 5, 2], 100);
        Assert.Equal(5, sampler.BatchSize);
        var generator = new Generator(1);
        var batch = new int[5];
        var layers = new int[3];
        int[][] expected = [[0, 1, 2], [3, 4, 5, 6, 7], [8, 9]];
        for (var draw = 0; draw < 3000; draw++)
        {
            var drawn = batch[..sampler.Sample(batch, generator)];
            layers[Array.FindIndex(expected, layer => layer.SequenceEqual(drawn))]++;
        }

        Assert.InRange(Frequencies.ChiSquare(layers, _ => 1000), 0, 14);
    }

    [Fact]
    public void Of_a_layer_larger_than_the_batch_every_kernel_comes_up_equally_often()
    {
        var counts = Frequencies.Count(new LayerSampler([10, 50], 10), kernels: 60, draws: 20_000, seed: 2);
        Assert.Single(counts[..10].Distinct());
        var expected = (20_000.0 - counts[0]) * 10 / 50;
        Assert.InRange(Frequencies.ChiSquare(counts[10..], _ => expected), 0, 86);
    }
}
