using System.Numerics.Tensors;
using Nern.Engine;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The gradients that the shares of a batch leave, each in a place of its own, and their sum in the order of the shares: it does not
/// matter which thread ran which. A share's is that of the three tables, and behind it that of all parameters but the first weight.
/// </summary>
internal sealed class ShareGradients : IParallelWork, IDisposable
{
    /// <summary>Up to so many values in all, one thread adds them up sooner than several have met.</summary>
    private const int MostAlone = 1 << 21;

    /// <summary>Values that are summed over all shares before the next: they stay in the nearest cache.</summary>
    private const int Block = 2048;

    private readonly PredictorMemory _memory;
    private readonly Resources _owned = new();
    private readonly Memory[] _shares;
    private readonly int _tables;
    private int _count;
    private float _factor;

    internal ShareGradients(PredictorMemory memory, int shares)
    {
        _memory = memory;
        _tables = memory.TableGradients.Length;
        var descriptor = MemoryDescriptor.RowMajor(DataType.Float32, Size(memory));
        _shares = [.. Enumerable.Range(0, shares).Select(_ => _owned.Own(new Memory(memory.Engine, descriptor)))];
    }

    /// <summary>Values of one share's gradient.</summary>
    internal static int Size(PredictorMemory memory) =>
        checked(memory.TableGradients.Length + memory.Shape.ParameterCount - memory.Shape.BiasOffset(0));

    /// <summary>Of a share, for each axis the gradient of its table, [distinct values, hidden].</summary>
    internal Memory[] Tables(int share) =>
    [
        .. Enumerable.Range(0, Coordinates.Axes).Select(axis => View(
            share, MemoryDescriptor.RowMajor(DataType.Float32, _memory.TableRows[axis], _memory.Shape.Hidden),
            _memory.TableRows.Take(axis).Sum() * _memory.Shape.Hidden)),
    ];

    /// <summary>Of a share, the gradient of a layer's weight, [outputs, inputs]; the first has none.</summary>
    internal Memory Weight(int share, int layer) => View(
        share, MemoryDescriptor.RowMajor(DataType.Float32, _memory.Shape.RowsOf(layer), _memory.Shape.ColumnsOf(layer)),
        _tables + _memory.Shape.WeightOffset(layer) - _memory.Shape.BiasOffset(0));

    /// <summary>Of a share, the gradient of a layer's bias, a row.</summary>
    internal Memory Bias(int share, int layer) => View(
        share, MemoryDescriptor.RowMajor(DataType.Float32, 1, _memory.Shape.RowsOf(layer)),
        _tables + _memory.Shape.BiasOffset(layer) - _memory.Shape.BiasOffset(0));

    /// <summary>Leaves the sum of some shares, times a factor, as the gradient of tables and parameters.</summary>
    /// <param name="count">The first so many shares.</param>
    /// <param name="factor">The factor.</param>
    internal void Sum(int count, float factor)
    {
        (_count, _factor) = (count, factor);
        if (count * (long)Size(_memory) > MostAlone)
            ParallelRegion.Run(this);
        else
            Execute(0, 1);
    }

    /// <summary>Sums a part of the values.</summary>
    public void Execute(int part, int parts)
    {
        Sum(0, _memory.TableGradients, part, parts);
        Sum(_tables, _memory.Gradient[_memory.Shape.BiasOffset(0)..], part, parts);
    }

    public void Dispose() => _owned.Dispose();

    private void Sum(int offset, Span<float> sums, int part, int parts)
    {
        var (firstBlock, endBlock) = ParallelRegion.Share((sums.Length + Block - 1) / Block, part, parts);
        for (var block = firstBlock; block < endBlock; block++)
        {
            var start = block * Block;
            var sum = sums.Slice(start, Math.Min(Block, sums.Length - start));
            if (_count == 0)
                sum.Clear();
            for (var share = 0; share < _count; share++)
            {
                var values = _shares[share].AsSpan<float>().Slice(offset + start, sum.Length);
                if (share == 0)
                    values.CopyTo(sum);
                else
                    TensorPrimitives.Add(sum, values, sum);
            }
            TensorPrimitives.Multiply(sum, _factor, sum);
        }
    }

    private Memory View(int share, MemoryDescriptor descriptor, int offset) =>
        _owned.Own(_shares[share].View(_memory.Engine, descriptor, (long)offset * sizeof(float)));
}
