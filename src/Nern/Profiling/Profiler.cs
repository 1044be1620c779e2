using System.Diagnostics;
using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Ranks;
using Nern.Training;

namespace Nern.Profiling;

/// <summary>Measures the work that takes the time, on networks with random weights: no files are needed.</summary>
internal static class Profiler
{
    private const int WarmUpSteps = 5;

    // Small, so that nothing diverges: a step takes as long as with any other.
    private const float LearningRate = 1e-4f;

    /// <summary>Steps of a fit as <see cref="Fit"/> takes them, on noise.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="graph">The architecture.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="steps">How many steps are measured; in turn with them as many others are profiled.</param>
    /// <param name="ranks">Who shares the work; null for nobody.</param>
    /// <param name="wholeBatch">Whether the floor without micro-batches is measured too; its buffers count in the peak of memory.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="NernException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static Profile TrainingStep(
        CpuEngine engine, Graph graph, FitOptions options, int steps, Communicator? ranks = null, bool wholeBatch = false, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ranks ??= new SingleRank();
        var network = UntrainedNetwork.Create(graph, new Generator(options.Seed));
        options = options.For(engine, graph);
        using var fit = FitStep.Prepare(
            engine, network, FitInputs.FromNoise(graph.InputShape), options, network, ranks, cancellation: cancellation);
        var weights = options.Objective.Weights.Distils ? options.Objective.Weights : LossWeights.WarmingUp;
        using var whole = wholeBatch
            ? new WholeBatchFloor(engine, network, options.Predictor.Layers, options.Inputs.Batch, options.PrecisionOn(engine))
            : null;
        for (var i = 0; i < WarmUpSteps; i++)
            Step();

        var clocks = Enumerable.Range(0, ParallelRegion.Threads).Select(_ => new StepClock()).ToArray();
        var floor = new Floor(fit.ConcurrentSteps);
        var seconds = new double[steps];
        var allocatedBytes = new AllocatedBytes();
        var allocated = new long[steps];
        for (var i = 0; i < steps; i++)
        {
            // What a rank measures beside a step is not to delay the others' next.
            ranks.Meet();
            var before = allocatedBytes.Read();
            var begin = Stopwatch.GetTimestamp();
            Step();
            seconds[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            allocated[i] = allocatedBytes.Read() - before;

            fit.Watch(clocks);
            ranks.Meet();
            clocks[0].Start();
            Step();
            clocks[0].Finish("rest");
            fit.Watch([]);
            floor.Measure();
            whole?.Measure();
        }
        var runs = Runs(clocks, steps);
        var predictor = fit.Predictor.Steps.ToHashSet();
        return new(seconds, floor.Of(runs), Pieces(clocks[0], runs, floor, steps), allocated.Order().ElementAt(steps / 2),
            PeakResidentBytes())
        {
            WholeBatchFloors = whole is null
                ? []
                : [.. whole.Seconds.Zip(floor.Of([.. runs.Where(run => predictor.Contains(run.Step))]), (networks, own) => networks + own)],
        };

        void Step()
        {
            cancellation.ThrowIfCancellationRequested();
            fit.Run(weights, LearningRate);
        }
    }

    /// <summary>
    /// One prediction of all kernels of <paramref name="layers"/>, as a reconstruction does it: the first, without warm-up.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="options">The predictor and its precision.</param>
    /// <exception cref="NernException">An option is out of range.</exception>
    public static Profile Prediction(CpuEngine engine, IReadOnlyList<LearnableLayer> layers, FitOptions options)
    {
        var precision = options.PrecisionOn(engine);
        var design = options.Predictor.CreateDesign(options.Predictor.Layout(layers), options.Seed);
        using var plan = new PredictorPlan(engine, design, precision);
        PredictorInitialization.Draw(design.Shape, options.Predictor.Initialization, plan.Parameters, new Generator(options.Seed));
        plan.ParametersChanged();
        var kernels = new float[design.Layout.Kernels * design.Layout.RowSize];

        var clocks = Enumerable.Range(0, ParallelRegion.Threads).Select(_ => new StepClock()).ToArray();
        plan.Watch(clocks);
        clocks[0].Start();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var begin = Stopwatch.GetTimestamp();
        plan.PredictAll(kernels);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        clocks[0].Finish("rest");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        plan.Watch([]);
        var floor = new Floor(plan.ConcurrentSteps);
        floor.Measure();
        var runs = Runs(clocks, count: 1);
        return new([seconds], floor.Of(runs), Pieces(clocks[0], runs, floor, count: 1), allocated, PeakResidentBytes());
    }

    /// <summary>
    /// The time goes by the first thread's clock, which is the one that waits for the others; the work of all is counted.
    /// </summary>
    private static ProfilePiece[] Pieces(StepClock first, IReadOnlyList<(Step Step, double Runs)> runs, Floor floor, int count)
    {
        var seconds = first.Steps.ToLookup(entry => entry.Step.Kind, entry => entry.Seconds);
        // A thread takes what work is left: there may be a kind that the first had none of.
        var pieces = runs.GroupBy(run => run.Step.Kind).Select(kind => new ProfilePiece(
            kind.Key, kind.Sum(run => run.Runs), seconds[kind.Key].Sum() / count,
            kind.Sum(run => run.Runs * run.Step.FloatingPointOperations), floor.Of([.. kind]).Average()));
        var work = first.Work.Select(entry => new ProfilePiece(entry.Kind, entry.Runs / (double)count, entry.Seconds / count, 0, 0));
        return [.. pieces.Concat(work).OrderByDescending(piece => piece.Seconds)];
    }

    /// <summary>How often each step runs in one of <paramref name="count"/> profiled runs.</summary>
    private static IReadOnlyList<(Step Step, double Runs)> Runs(StepClock[] clocks, int count) =>
        [.. clocks.SelectMany(clock => clock.Steps).Select(entry => (entry.Step, (double)entry.Runs / count))];

    private static long PeakResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
