using Nern.Engine;
using Nern.OneDnn;
using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

public sealed class OptimizerTests : IDisposable
{
    private readonly CpuEngine _engine = new();

    public static TheoryData<string> Names => ["adamw", "ranger", "muon"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Restored_state_continues_to_the_same_bits(string name)
    {
        var blocks = new Blocks(seed: 5);
        using var first = Make(name, blocks.All);
        for (var step = 0; step < 10; step++)
            first.Step(blocks.Parameters, blocks.NextGradient(), 1e-2f);

        using var second = Make(name, blocks.All);
        second.StepCount = first.StepCount;
        foreach (var ((savedName, saved), (restoredName, restored)) in first.State.Zip(second.State))
        {
            Assert.Equal(savedName, restoredName);
            saved.CopyTo(restored);
        }

        var parameters = blocks.Parameters.ToArray();
        for (var step = 0; step < 10; step++)
        {
            var gradient = blocks.NextGradient();
            second.Step(parameters, gradient.ToArray(), 1e-2f);
            first.Step(blocks.Parameters, gradient, 1e-2f);
        }

        Assert.Equal(blocks.Parameters, parameters);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_count_of_zero_starts_afresh(string name)
    {
        var blocks = new Blocks(seed: 6);
        var start = blocks.Parameters.ToArray();
        var gradient = blocks.NextGradient();
        using var used = Make(name, blocks.All);
        for (var step = 0; step < 9; step++)
            used.Step(blocks.Parameters, blocks.NextGradient(), 1e-2f);

        used.StepCount = 0;
        var fromUsed = start.ToArray();
        used.Step(fromUsed, gradient.ToArray(), 1e-2f);
        using var fresh = Make(name, blocks.All);
        fresh.Step(start, gradient.ToArray(), 1e-2f);

        Assert.Equal(start, fromUsed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_is_updated_alike_in_a_whole_vector_and_in_the_ragged_end(string name)
    {
        ParameterBlock[] blocks = [ParameterBlock.Bias(0, 19)];
        var parameters = Enumerable.Repeat(0.7f, 19).ToArray();
        using var optimizer = Make(name, blocks);
        for (var step = 0; step < 12; step++)
            optimizer.Step(parameters, [.. Enumerable.Repeat(0.3f - 0.05f * step, 19)], 1e-2f);
        Assert.Single(parameters.Distinct());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        var blocks = new Blocks(seed: 7);
        using var optimizer = Make(name, blocks.All);
        var gradient = blocks.NextGradient();
        for (var step = 0; step < 6; step++)
            optimizer.Step(blocks.Parameters, gradient, 1e-3f);

        Allocation.AssertNone(12, () => optimizer.Step(blocks.Parameters, gradient, 1e-3f));
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void Step_leaves_the_gradient_as_it_was(string name)
    {
        var blocks = new Blocks(seed: 1);
        var gradient = blocks.NextGradient();
        var copy = gradient.ToArray();
        using var optimizer = Make(name, blocks.All);
        optimizer.Step(blocks.Parameters, gradient, 1e-3f);
        Assert.Equal(copy, gradient);
    }

    [Fact]
    public void Blocks_with_a_gap_an_overlap_or_no_values_are_refused()
    {
        ParameterBlock[][] wrong =
        [
            [ParameterBlock.Bias(1, 3)],
            [ParameterBlock.Matrix(0, 2, 3), ParameterBlock.Bias(7, 2)],
            [ParameterBlock.Matrix(0, 2, 3), ParameterBlock.Bias(5, 2)],
            [ParameterBlock.Matrix(0, 0, 3)],
        ];
        foreach (var blocks in wrong)
            Assert.Throws<ArgumentException>(() => new AdamW(blocks));
    }

    [Fact]
    public void Spans_of_the_wrong_length_and_impossible_learning_rates_are_refused()
    {
        var optimizer = new AdamW([ParameterBlock.Bias(0, 4)]);
        Assert.Throws<ArgumentException>(() => optimizer.Step(new float[4], new float[3], 1e-3f));
        Assert.Throws<ArgumentException>(() => optimizer.Step(new float[5], new float[4], 1e-3f));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Step(new float[4], new float[4], float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Step(new float[4], new float[4], -1));
        Assert.Equal(0, optimizer.StepCount);
    }

    public void Dispose() => _engine.Dispose();

    private Optimizer Make(string name, IReadOnlyList<ParameterBlock> blocks) => name switch
    {
        "adamw" => new AdamW(blocks, new AdamWOptions { WeightDecay = 0.01 }),
        "muon" => new Muon(_engine, Precision.Float32, blocks, new MuonOptions { WeightDecay = 0.01 }),
        _ => new Ranger(blocks),
    };
}
