using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

public class SgdTests
{
    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0.9, false, 0)]
    [InlineData(0.9, true, 0)]
    [InlineData(0.9, true, 5e-2)]
    [InlineData(0.5, false, 5e-2)]
    public void Step_follows_the_formula_for_tensors_of_any_shape(double momentum, bool nesterov, double decay)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            var blocks = new Blocks(seed);
            double[] parameters = [.. blocks.Parameters.Select(value => (double)value)];
            var velocity = new double[parameters.Length];
            var optimizer = new Sgd(blocks.All, new SgdOptions { Momentum = momentum, Nesterov = nesterov, WeightDecay = decay });
            for (var step = 0; step < 50; step++)
            {
                var gradient = blocks.NextGradient();
                for (var i = 0; i < parameters.Length; i++)
                {
                    var slope = gradient[i] + (decay * parameters[i]);
                    velocity[i] = (momentum * velocity[i]) + slope;
                    parameters[i] -= 0.01 * (nesterov ? slope + (momentum * velocity[i]) : velocity[i]);
                }
                optimizer.Step(blocks.Parameters, gradient, 0.01f);
            }

            Assert.All(parameters.Zip(blocks.Parameters), pair =>
                Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
        }
    }

    // torch.optim.SGD([p], lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True), gradients 1, 2, -1 of p = 1.
    [Fact]
    public void Step_gives_the_numbers_of_PyTorch()
    {
        float[] parameter = [1];
        var optimizer = new Sgd([ParameterBlock.Bias(0, 1)], new SgdOptions { WeightDecay = 0.01 });
        var course = new List<float>();
        foreach (var gradient in new[] { 1f, 2f, -1f })
        {
            optimizer.Step(parameter, [gradient], 0.1f);
            course.Add(parameter[0]);
        }

        Assert.Equal(Expected.Length, course.Count);
        foreach (var (expected, actual) in Expected.Zip(course))
            Assert.Equal(expected, actual, 1e-6f);
    }

    private static readonly float[] Expected = [0.80809998f, 0.34475460f, 0.29781603f];

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        ParameterBlock[] blocks = [ParameterBlock.Bias(0, 4)];
        Assert.Equal(
            "The option Momentum takes a number from 0 to below 1; got 1.",
            Assert.Throws<NernException>(() => new Sgd(blocks, new() { Momentum = 1 })).Message);
        Assert.Throws<NernException>(() => new Sgd(blocks, new() { WeightDecay = -1 }));
    }
}
