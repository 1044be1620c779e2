using System.Numerics.Tensors;
using Nern.OneDnn;

namespace Nern.Compression;

/// <summary>The mean of x xᵀ over many x, for each of some groups of values.</summary>
/// <param name="groups">Groups; an x is [groups, columns].</param>
/// <param name="columns">Values of a group.</param>
internal sealed class SecondMoments(int groups, int columns) : IParallelWork
{
    /// <summary>How many are summed in float32.</summary>
    private const int Block = 512;

    private readonly double[][] _sums = [.. Enumerable.Range(0, groups).Select(_ => new double[columns * columns])];

    // [groups, columns, Block]
    private readonly float[] _block = new float[groups * columns * Block];
    private int _inBlock, _count;

    /// <summary>Takes an x, [groups, columns].</summary>
    internal void Add(ReadOnlySpan<float> values)
    {
        for (int i = 0, place = _inBlock; i < values.Length; i++, place += Block)
            _block[place] = values[i];
        if (++_inBlock == Block)
            SumBlock();
    }

    /// <summary>The means over all that was taken, of each group [columns, columns].</summary>
    internal double[][] Mean()
    {
        SumBlock();
        foreach (var sums in _sums)
            for (var i = 0; i < columns; i++)
                for (var j = 0; j <= i; j++)
                    sums[(j * columns) + i] = sums[(i * columns) + j] /= _count;
        return _sums;
    }

    /// <summary>The rows of this thread: each one's products with itself and those before it.</summary>
    public void Execute(int part, int parts)
    {
        for (var row = part; row < groups * columns; row += parts)
        {
            var (group, i) = Math.DivRem(row, columns);
            var own = Row(row);
            for (var j = 0; j <= i; j++)
                _sums[group][(i * columns) + j] += TensorPrimitives.Dot(own, Row((group * columns) + j));
        }
    }

    private ReadOnlySpan<float> Row(int row) => _block.AsSpan(row * Block, _inBlock);

    private void SumBlock()
    {
        ParallelRegion.Run(this);
        _count += _inBlock;
        _inBlock = 0;
    }
}
