using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

public class AdamWTests
{
    [Fact]
    public void Step_follows_the_paper_for_tensors_of_any_shape()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var options = new AdamWOptions { WeightDecay = seed % 2 * 0.05 };
            var blocks = new Blocks(seed);
            var reference = new Reference([.. blocks.Parameters]);
            var optimizer = new AdamW(blocks.All, options);
            for (var step = 0; step < 50; step++)
            {
                var gradient = blocks.NextGradient();
                reference.StepAdamW(options, gradient, 5e-3f);
                optimizer.Step(blocks.Parameters, gradient, 5e-3f);
            }

            Assert.InRange(reference.ErrorOf(blocks.Parameters), 0, 1e-6);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name_with_range_and_value()
    {
        ParameterBlock[] blocks = [ParameterBlock.Bias(0, 4)];
        var error = Assert.Throws<NernException>(() => new AdamW(blocks, new AdamWOptions { Beta1 = 1.5 }));
        Assert.Equal("The option Beta1 takes a number from 0 to below 1; got 1.5.", error.Message);
        Assert.Throws<NernException>(() => new AdamW(blocks, new AdamWOptions { Beta2 = 1 }));
        Assert.Throws<NernException>(() => new AdamW(blocks, new AdamWOptions { Epsilon = 0 }));
        error = Assert.Throws<NernException>(() => new AdamW(blocks, new AdamWOptions { WeightDecay = double.NaN }));
        Assert.Equal("The option WeightDecay takes a number from 0 on; got NaN.", error.Message);
    }
}
