using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

/// <summary>Random parameters in random tensors, with a new random gradient for each step.</summary>
internal sealed class Blocks
{
    private readonly Generator _generator;

    public Blocks(ulong seed)
    {
        _generator = new Generator(seed);
        var offset = 0;
        for (var layer = 0; layer < 3; layer++)
        {
            // From narrower than a vector to several of them, most of them ragged.
            var (rows, columns) = (1 + _generator.NextInt32(40), 1 + _generator.NextInt32(70));
            All.Add(ParameterBlock.Matrix(offset, rows, columns));
            All.Add(ParameterBlock.Bias(offset + rows * columns, rows));
            offset = All[^1].End;
        }

        Parameters = Random(offset);
    }

    public List<ParameterBlock> All { get; } = [];

    public float[] Parameters { get; }

    public float[] NextGradient() => Random(Parameters.Length);

    private float[] Random(int length)
    {
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
            value = (float)_generator.NextNormal();
        return values;
    }
}
