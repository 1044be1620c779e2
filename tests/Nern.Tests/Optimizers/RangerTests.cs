using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

public class RangerTests
{
    [Fact]
    public void Step_follows_the_papers_for_tensors_of_any_shape()
    {
        RangerOptions[] variants =
        [
            new(),
            new() { Beta1 = 0.95, WeightDecay = 0, CentralizeGradient = false },
            new() { Beta2 = 0.9, LookaheadSteps = 4, LookaheadAlpha = 0.8, RectificationThreshold = 4 },
            new() { Beta1 = 0, LookaheadSteps = 1, LookaheadAlpha = 1, WeightDecay = 0.1 },
        ];
        for (var seed = 0; seed < 20; seed++)
        {
            var options = variants[seed % variants.Length];
            var blocks = new Blocks((ulong)seed);
            var reference = new Reference([.. blocks.Parameters]);
            var optimizer = new Ranger(blocks.All, options);
            for (var step = 0; step < 50; step++)
            {
                var gradient = blocks.NextGradient();
                reference.StepRanger(options, blocks.All, gradient, 5e-3f);
                optimizer.Step(blocks.Parameters, gradient, 5e-3f);
            }

            Assert.InRange(reference.ErrorOf(blocks.Parameters), 0, 1e-6);
        }
    }

    [Fact]
    public void Step_centres_the_gradient_of_each_row_of_a_matrix_and_leaves_biases_alone()
    {
        var blocks = new Blocks(seed: 3);
        var gradient = blocks.NextGradient();
        var original = gradient.ToArray();
        new Ranger(blocks.All).Step(blocks.Parameters, gradient, 1e-3f);

        foreach (var block in blocks.All)
        {
            if (!block.IsMatrix)
                Assert.Equal(original[block.Offset..block.End], gradient[block.Offset..block.End]);
            for (var row = 0; block.IsMatrix && row < block.Rows; row++)
                Assert.InRange(gradient.Skip(block.Offset + row * block.Columns).Take(block.Columns).Average(), -1e-6, 1e-6);
        }
    }

    [Fact]
    public void A_bias_may_have_one_value_where_a_matrix_of_one_column_stands_still()
    {
        ParameterBlock[] blocks = [ParameterBlock.Matrix(0, 3, 1), ParameterBlock.Bias(3, 1)];
        float[] parameters = [1, 1, 1, 1];
        new Ranger(blocks, new RangerOptions { WeightDecay = 0 }).Step(parameters, [1, 2, 3, 4], 0.1f);
        Assert.Equal([1, 1, 1], parameters[..3]);
        Assert.NotEqual(1, parameters[3]);
    }

    [Fact]
    public void Every_sixth_step_ends_halfway_between_the_slow_weights_and_the_fast_ones()
    {
        var blocks = new Blocks(seed: 4);
        var slow = blocks.Parameters.ToArray();
        var with = new Ranger(blocks.All);
        var without = new Ranger(blocks.All, new RangerOptions { LookaheadAlpha = 1 });
        var fast = blocks.Parameters.ToArray();
        for (var step = 1; step <= 6; step++)
        {
            var gradient = blocks.NextGradient();
            without.Step(fast, gradient.ToArray(), 1e-2f);
            with.Step(blocks.Parameters, gradient, 1e-2f);
            if (step < 6)
                Assert.Equal(fast, blocks.Parameters);
        }

        Assert.Equal(slow.Zip(fast, (s, f) => s + (f - s) * 0.5f), blocks.Parameters);
        Assert.Equal(blocks.Parameters, with.State.Single(entry => entry.Name == "slow_weights").Values.ToArray());
    }

    [Fact]
    public void The_second_moment_is_trusted_from_the_sixth_step_on()
    {
        for (var step = 1; step <= 8; step++)
            Assert.Equal(step >= 6, new Rectification(new RangerOptions(), step).IsAdaptive);
        Assert.Equal(1 / (1 - 0.5), new Rectification(new RangerOptions(), 1).StepSize);
        Assert.Equal(1, new Rectification(new RangerOptions(), 100_000).StepSize, 1e-3);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name_with_range_and_value()
    {
        ParameterBlock[] blocks = [ParameterBlock.Bias(0, 4)];
        var error = Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { LookaheadAlpha = 0 }));
        Assert.Equal("The option LookaheadAlpha takes a number above 0 to 1; got 0.", error.Message);
        Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { Beta1 = -0.1 }));
        Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { Beta2 = 1 }));
        Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { Epsilon = double.NaN }));
        Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { WeightDecay = -1 }));
        Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { LookaheadSteps = 0 }));
        Assert.Throws<NernException>(() => new Ranger(blocks, new RangerOptions { RectificationThreshold = 3 }));
    }
}
