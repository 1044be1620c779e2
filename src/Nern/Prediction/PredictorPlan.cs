using Nern.Engine;
using Nern.Kernels;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>
/// The predictor compiled: a pass over all kernels, or a run of them, without gradient, in tiles, and a pass forward and backward over a
/// batch of them (paper, section 3.2), in shares. Each thread takes the next tile or share when it is done with one, so that a core which
/// is slowed down delays no other, and threads meet once a pass. Parameters, predictions, and the gradients of both are float32 at either
/// precision.
/// </summary>
internal sealed class PredictorPlan : IParallelWork, IDisposable
{
    /// <summary>Rows of a tile: few enough for activations to stay in a core's cache. They depend on no number of threads.</summary>
    private const int TileRows = 512;

    /// <summary>Shares for each thread: enough to finish together.</summary>
    private const int SharesPerThread = 4;

    /// <summary>The least rows of a share: what its gradient costs beside its rows must not weigh.</summary>
    private const int LeastShareRows = 128;

    /// <summary>Values that the gradients of all shares hold, where that leaves a share for each thread.</summary>
    private const int MostGradientValues = 1 << 22;

    private readonly PredictorMemory _memory;
    private readonly PredictorForward[] _tiles;
    private readonly PredictorShare[] _shares = [];
    private readonly ShareGradients? _gradients;
    private readonly Resources _owned = new();
    private readonly Memory? _output, _outputGradient;
    private IReadOnlyList<StepClock> _clocks = [];

    // What runs: kernels [_first, _end) into their rows, and ways of the batch's shares.
    private float[] _rows = [];
    private int _first, _end, _nextTile;
    private int[] _kernels = [];
    private int _count, _sharesInUse, _sharesToRun, _nextShare;
    private bool _forward, _backward;
    private IRowLoss? _loss;

    /// <param name="engine">The engine.</param>
    /// <param name="design">The predictor and its kernels.</param>
    /// <param name="precision">Of what lies between the parameters and the predictions.</param>
    /// <param name="batch">Kernels a training step takes gradients of at most; 0 for none.</param>
    /// <param name="block">Kernels that are mostly predicted together, which tiles are to fit; 0 for all.</param>
    /// <param name="shares">Shares of a batch; 0 for as many as suit the threads.</param>
    /// <param name="usual">Kernels that steps mostly take gradients of, which shares are to fit; 0 for as many as at most.</param>
    internal PredictorPlan(
        CpuEngine engine, PredictorDesign design, Precision precision, int batch = 0, int block = 0, int shares = 0, int usual = 0)
    {
        Shape = design.Shape;
        var coordinates = design.CreateCoordinates();
        var pooling = KernelPooling.Of(design.Layout);
        var type = precision.DataType();
        var threads = ParallelRegion.Threads;
        Kernels = coordinates.Count;
        using var alone = ParallelRegion.Alone();
        _memory = new PredictorMemory(engine, Shape, design.Embedding, coordinates);
        var rows = block == 0 ? Kernels : Math.Min(block, Kernels);
        var tiles = (rows + TileRows - 1) / TileRows;
        var tile = (rows + tiles - 1) / tiles;
        _tiles = new PredictorForward[Math.Min(threads, (Kernels + tile - 1) / tile)];
        for (var lane = 0; lane < _tiles.Length; lane++)
            _tiles[lane] = new PredictorForward(_memory, coordinates, tile, type, pooling);
        if (batch == 0)
            return;
        if (usual == 0)
            usual = batch;
        if (shares == 0)
            shares = Shares(usual, threads, ShareGradients.Size(_memory));
        ShareRows = (usual + shares - 1) / shares;
        shares = (batch + ShareRows - 1) / ShareRows;
        var outputs = MemoryDescriptor.RowMajor(DataType.Float32, shares * ShareRows, Shape.Outputs);
        _output = _owned.Own(new Memory(engine, outputs));
        _outputGradient = _owned.Own(new Memory(engine, outputs));
        _gradients = _owned.Own(new ShareGradients(_memory, shares));
        _shares = new PredictorShare[shares];
        for (var share = 0; share < shares; share++)
            _shares[share] = new PredictorShare(
                _memory, _gradients, share, coordinates, pooling, type, OfShare(_output, share), OfShare(_outputGradient, share));

        Memory OfShare(Memory memory, int share) => _owned.Own(memory.View(
            engine, MemoryDescriptor.RowMajor(DataType.Float32, ShareRows, Shape.Outputs),
            (long)share * ShareRows * Shape.Outputs * sizeof(float)));
    }

    /// <summary>The predictor's shape.</summary>
    internal PredictorShape Shape { get; }

    /// <summary>All kernels.</summary>
    internal int Kernels { get; }

    /// <summary>Rows of a batch's share.</summary>
    internal int ShareRows { get; }

    /// <summary>The parameters; <see cref="ParametersChanged"/> is to be called after writing.</summary>
    internal Span<float> Parameters => _memory.Parameters;

    /// <summary>The gradient that <see cref="Backward"/> or <see cref="SumGradients"/> leaves.</summary>
    internal Span<float> Gradient => _memory.Gradient;

    /// <summary>The prediction of the last batch, [rows, outputs].</summary>
    internal ReadOnlySpan<float> Output => _output!.AsSpan<float>();

    /// <summary>
    /// The gradient of the loss with respect to the batch's prediction, [rows, outputs]; unused rows must be zero.
    /// <see cref="Backward"/> may overwrite it.
    /// </summary>
    internal Span<float> OutputGradient => _outputGradient!.AsSpan<float>();

    /// <summary>All steps, for profiles.</summary>
    internal IEnumerable<Step> Steps =>
        [.. _memory.Steps, .. _tiles.SelectMany(tile => tile.Steps), .. _shares.SelectMany(share => share.Steps)];

    /// <summary>Every kind of step; those of an array run at the same time, each on its own thread.</summary>
    internal IEnumerable<Step[]> ConcurrentSteps =>
    [
        .. _memory.Steps.Select(step => new[] { step }),
        .. Concurrent([.. _tiles.Select(tile => tile.Steps.ToArray())]),
        .. Concurrent([.. _shares.Take(ParallelRegion.Threads).Select(share => share.Steps.ToArray())]),
    ];

    /// <summary>Times the steps and the work between, with a clock a thread; none to end it.</summary>
    internal void Watch(IReadOnlyList<StepClock> clocks)
    {
        _clocks = clocks;
        _memory.Watch(clocks);
        foreach (var share in _shares)
            share.Watch(null);
        for (var lane = 0; lane < _tiles.Length; lane++)
            foreach (var step in _tiles[lane].Steps)
                step.Clock = clocks.ElementAtOrDefault(lane);
    }

    /// <summary>Takes over changed parameters.</summary>
    internal void ParametersChanged() => _memory.ParametersChanged();

    /// <summary>Predicts every kernel: [kernels, outputs].</summary>
    internal void PredictAll(float[] kernels) => Predict(0, Kernels, kernels);

    /// <summary>
    /// Predicts kernels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 into their rows.
    /// </summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="kernels">All kernels, [kernels, outputs].</param>
    internal void Predict(int first, int count, float[] kernels)
    {
        TakeTiles(first, count, kernels);
        Run();
    }

    /// <summary>Predicts the first <paramref name="count"/> of <paramref name="kernels"/>, row by row, into <see cref="Output"/>.</summary>
    internal void PredictBatch(int[] kernels, int count)
    {
        TakeBatch(kernels, count);
        Run();
    }

    /// <summary><see cref="PredictBatch(int[], int)"/> and <see cref="Predict"/> at once.</summary>
    /// <param name="batch">The batch's kernels.</param>
    /// <param name="batchCount">How many of them.</param>
    /// <param name="first">The first of the others.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="kernels">All kernels, [kernels, outputs].</param>
    internal void PredictBoth(int[] batch, int batchCount, int first, int count, float[] kernels)
    {
        TakeBatch(batch, batchCount);
        TakeTiles(first, count, kernels);
        Run();
    }

    /// <summary>Copies what a hidden layer gave for the last batch, of a plan in float32, to [rows, hidden].</summary>
    internal void ReadHidden(int layer, Span<float> rows)
    {
        for (var share = 0; share < _sharesInUse; share++)
        {
            var first = share * ShareRows;
            var count = Math.Min(ShareRows, _count - first) * Shape.Hidden;
            _shares[share].Hidden[layer].AsSpan<float>()[..count].CopyTo(rows[(first * Shape.Hidden)..]);
        }
    }

    /// <summary>
    /// <see cref="PredictBatch(int[], int)"/>, a loss of the predictions, and the way back, up to <see cref="SumGradients"/>.
    /// </summary>
    /// <param name="kernels">The batch's kernels.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="loss">The loss.</param>
    /// <returns>The loss.</returns>
    internal double PredictBatch(int[] kernels, int count, IRowLoss loss)
    {
        TakeBatch(kernels, count);
        (_backward, _loss) = (true, loss);
        Run();
        var sum = 0.0;
        for (var share = 0; share < _sharesInUse; share++)
            sum += _shares[share].Loss;
        return sum;
    }

    /// <summary>From <see cref="OutputGradient"/> of the last batch to <see cref="Gradient"/>, which is overwritten.</summary>
    internal void Backward()
    {
        (_backward, _sharesToRun) = (true, _sharesInUse);
        Run();
        SumGradients(1);
    }

    /// <summary>Makes <see cref="Gradient"/>, times a factor, of what the way back has left.</summary>
    internal void SumGradients(float factor)
    {
        _gradients!.Sum(_sharesInUse, factor);
        FirstClock?.Finish("gradient sum");
        _memory.BackwardTables();
    }

    /// <summary>Runs tiles and shares until none is left.</summary>
    public void Execute(int part, int parts)
    {
        if (part < _tiles.Length)
            for (int first; (first = Interlocked.Add(ref _nextTile, _tiles[part].Capacity) - _tiles[part].Capacity) < _end;)
                RunTile(_tiles[part], first);
        for (int share; (share = Interlocked.Increment(ref _nextShare) - 1) < _sharesToRun;)
        {
            if (_clocks.Count > 0)
                _shares[share].Watch(_clocks[part]);
            RunShare(_shares[share], share * ShareRows);
        }
    }

    public void Dispose()
    {
        foreach (var share in _shares)
            share.Dispose();
        foreach (var tile in _tiles)
            tile.Dispose();
        _owned.Dispose();
        _memory.Dispose();
    }

    /// <summary>
    /// Shares of a batch: some for each thread, fewer where rows are few, or a gradient is so large that to sum many takes long.
    /// </summary>
    /// <param name="batch">Rows.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="gradient">Values of a share's gradient.</param>
    internal static int Shares(int batch, int threads, int gradient)
    {
        var perThread = Math.Clamp(MostGradientValues / gradient / threads, 1, SharesPerThread);
        return Math.Min(perThread * threads, Math.Max(1, batch / LeastShareRows));
    }

    private static IEnumerable<Step[]> Concurrent(Step[][] lanes) =>
        lanes.Length == 0 ? [] : lanes[0].Select((_, step) => lanes.Select(steps => steps[step]).ToArray());

    private StepClock? FirstClock => _clocks.Count > 0 ? _clocks[0] : null;

    private void TakeTiles(int first, int count, float[] kernels) =>
        (_first, _end, _rows) = (first, first + count, kernels);

    private void TakeBatch(int[] kernels, int count)
    {
        (_kernels, _count, _forward) = (kernels, count, true);
        _sharesToRun = _sharesInUse = (count + ShareRows - 1) / ShareRows;
    }

    /// <summary>Runs what was taken, on as many threads as there is work for.</summary>
    private void Run()
    {
        (_nextTile, _nextShare) = (_first, 0);
        if (_sharesToRun + (_end - _first) / _tiles[0].Capacity > 1)
        {
            ParallelRegion.Run(this);
            FirstClock?.Finish("waiting for the other threads");
        }
        else
            using (ParallelRegion.Alone())
                Execute(0, 1);
        (_first, _end, _rows) = (0, 0, []);
        (_sharesToRun, _forward, _backward, _loss) = (0, false, false, null);
    }

    private void RunTile(PredictorForward tile, int first)
    {
        var outputs = Shape.Outputs;
        var rows = Math.Min(tile.Capacity, _end - first);
        tile.Rows.SetRange(first, rows);
        tile.Run();
        tile.Output.AsSpan<float>()[..(rows * outputs)].CopyTo(_rows.AsSpan(first * outputs));
    }

    private void RunShare(PredictorShare share, int first)
    {
        var rows = Math.Min(ShareRows, _count - first);
        if (_forward)
        {
            share.Rows.SetChosen(_kernels, first, rows);
            share.Forward();
        }
        if (_loss is not null)
            share.Take(_loss, _kernels.AsSpan(first, rows));
        if (_backward)
            share.Backward();
    }
}
