using Nern.Engine;
using Nern.OneDnn;
using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

public class MuonTests
{
    [Fact]
    public void Step_follows_the_formula_for_tensors_of_any_shape()
    {
        using var engine = new CpuEngine();
        for (ulong seed = 0; seed < 20; seed++)
        {
            var options = new MuonOptions { WeightDecay = seed % 2 * 0.05, Momentum = 0.9, Beta2 = 0.99 };
            var blocks = new Blocks(seed);
            var reference = new Reference([.. blocks.Parameters]);
            using var optimizer = new Muon(engine, Precision.Float32, blocks.All, options);
            for (var step = 0; step < 20; step++)
            {
                var gradient = blocks.NextGradient();
                reference.StepMuon(options, blocks.All, gradient, 5e-3f);
                optimizer.Step(blocks.Parameters, gradient, 5e-3f);
            }

            Assert.InRange(reference.ErrorOf(blocks.Parameters), 0, 1e-4);
        }
    }

    [Fact]
    public void A_gradient_of_zeros_moves_nothing()
    {
        var blocks = new Blocks(seed: 2);
        var before = blocks.Parameters.ToArray();
        using var engine = new CpuEngine();
        using var optimizer = new Muon(engine, Precision.Float32, blocks.All);
        optimizer.Step(blocks.Parameters, new float[before.Length], 1e-3f);
        Assert.Equal(before, blocks.Parameters);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name_with_range_and_value()
    {
        using var engine = new CpuEngine();
        ParameterBlock[] blocks = [ParameterBlock.Bias(0, 4)];
        var error = Assert.Throws<NernException>(() => new Muon(engine, Precision.Float32, blocks, new MuonOptions { Momentum = 1 }));
        Assert.Equal("The option Momentum takes a number from 0 to below 1; got 1.", error.Message);
        Assert.Throws<NernException>(() => new Muon(engine, Precision.Float32, blocks, new MuonOptions { Beta2 = 1 }));
        Assert.Throws<NernException>(() => new Muon(engine, Precision.Float32, blocks, new MuonOptions { WeightDecay = -1 }));
    }
}
