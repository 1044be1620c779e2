using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nern.Kernels;
using Nern.Predictor;

namespace Nern.Forward;

/// <summary>A predictor as the forward pass takes it, and what it does to a tile of kernels.</summary>
internal sealed class PackedPredictor<T> where T : struct, ILanes<T>
{
    /// <summary>Kernels of a tile: few enough for their activations to stay in a core's cache.</summary>
    internal const int TileRows = 128;

    private readonly PredictorShape _shape;
    private readonly Coordinates _coordinates;
    private readonly KernelPooling? _pooling;

    // The first layer, linear in three embeddings side by side, is three tables of [distinct values, width]; the others are packed.
    private readonly float[][] _tables = new float[Coordinates.Axes][];
    private readonly PackedLayer<T>[] _layers;
    private readonly int _width;

    internal PackedPredictor(PredictorDesign design, ReadOnlySpan<float> parameters)
    {
        _shape = design.Shape;
        _coordinates = design.CreateCoordinates();
        _pooling = KernelPooling.Of(design.Layout);
        for (var axis = 0; axis < _tables.Length; axis++)
            _tables[axis] = Table(axis, design.Embedding, parameters);
        _layers = new PackedLayer<T>[_shape.Depth - 1];
        for (var layer = 1; layer < _shape.Depth; layer++)
            _layers[layer - 1] = Packed(layer, 0, _shape.ColumnsOf(layer), isBiased: true, parameters);
        _width = PackedLayer<T>.PaddedOutputs(_shape.Hidden);
    }

    /// <summary>What a thread works in: activations in turn, those of the first layer where they are needed to the end, the outputs.</summary>
    internal float[][] CreateTile() =>
    [
        new float[TileRows * _width], new float[TileRows * _width],
        _shape.Skip == SkipKind.Input ? new float[TileRows * _width] : [], new float[TileRows * _layers[^1].Outputs],
    ];

    /// <summary>Predicts kernels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    /// <param name="tile">What <see cref="CreateTile"/> made.</param>
    /// <param name="first">The first kernel.</param>
    /// <param name="count">How many, <see cref="TileRows"/> at most.</param>
    /// <param name="rows">Receives them, [count, K x K].</param>
    internal void Run(float[][] tile, int first, int count, Span<float> rows)
    {
        // What is beyond the count are numbers of an earlier tile, or zeros.
        var padded = PackedLayer<T>.PaddedRows(count);
        var (hidden, next, input, output) = (tile[0], tile[1], tile[2], tile[3]);
        Gather(first, count, hidden);
        Activations<T>.Apply(_shape.Activation, hidden.AsSpan(0, count * _width));
        if (input.Length > 0)
            hidden.AsSpan(0, padded * _width).CopyTo(input);
        for (var layer = 0; layer < _layers.Length - 1; layer++)
        {
            _layers[layer].Run(padded, hidden, _width, next);
            Activations<T>.Apply(_shape.Activation, next.AsSpan(0, padded * _width));
            if (_shape.Skip != SkipKind.None)
                Add(_shape.Skip == SkipKind.Input ? input : hidden, next.AsSpan(0, padded * _width));
            (hidden, next) = (next, hidden);
        }
        _layers[^1].Run(padded, hidden, _width, output);
        Span<int> largest = _pooling is null ? [] : new int[_shape.Outputs];
        for (var row = 0; row < count; row++)
        {
            var kernel = rows.Slice(row * _shape.Outputs, _shape.Outputs);
            output.AsSpan(row * _layers[^1].Outputs, _shape.Outputs).CopyTo(kernel);
            _pooling?.Pool(first + row, kernel, largest);
        }
    }

    /// <summary>The values before the first activation: a row of each table, added in the order of the axes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int first, int count, float[] hidden)
    {
        for (var row = 0; row < count; row++)
        {
            var to = hidden.AsSpan(row * _width, _width);
            _tables[0].AsSpan(_coordinates.Indices(0)[first + row] * _width, _width).CopyTo(to);
            for (var axis = 1; axis < _tables.Length; axis++)
                Add(_tables[axis].AsSpan(_coordinates.Indices(axis)[first + row] * _width, _width), to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<float> values, Span<float> to)
    {
        ref var from = ref MemoryMarshal.GetReference(values[..to.Length]);
        ref var sums = ref MemoryMarshal.GetReference(to);
        for (nuint i = 0; i < (nuint)to.Length; i += (nuint)T.Count)
            (T.Load(ref sums, i) + T.Load(ref from, i)).Store(ref sums, i);
    }

    private float[] Table(int axis, Embedding embedding, ReadOnlySpan<float> parameters)
    {
        var values = _coordinates.Values(axis);
        var rows = PackedLayer<T>.PaddedRows(values.Length);
        var embedded = new float[rows * embedding.Size];
        for (var i = 0; i < values.Length; i++)
            embedding.Embed(axis, values[i], embedded.AsSpan(i * embedding.Size, embedding.Size));
        var layer = Packed(0, axis * embedding.Size, embedding.Size, isBiased: axis == 0, parameters);
        var table = new float[rows * layer.Outputs];
        layer.Run(rows, embedded, embedding.Size, table);
        return table;
    }

    private PackedLayer<T> Packed(int layer, int first, int inputs, bool isBiased, ReadOnlySpan<float> parameters)
    {
        var (outputs, columns) = (_shape.RowsOf(layer), _shape.ColumnsOf(layer));
        return new(
            parameters.Slice(_shape.WeightOffset(layer), outputs * columns), columns, first, inputs,
            isBiased ? parameters.Slice(_shape.BiasOffset(layer), outputs) : [], outputs);
    }
}
