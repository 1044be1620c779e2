using BenchmarkDotNet.Attributes;
using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Bench;

/// <summary>The predictor of ResNet-20 with hidden size 160: all kernels without gradient, and a batch of 4096 with.</summary>
public class PredictorBenchmarks
{
    private static readonly FitOptions Options = new() { Predictor = new() { Activation = Activation.Relu } };

    private CpuEngine _engine = null!;
    private PredictorPlan _plan = null!;
    private float[] _predicted = null!;
    private int[] _kernels = null!;

    /// <summary>Of the pass over all kernels; the batch is always float32.</summary>
    [Params(Precision.Float32, Precision.BFloat16)]
    public Precision Precision { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _engine = new CpuEngine();
        var layers = LearnableLayer.AllOf(CifarResNet.Build(20));
        var design = Options.Predictor.CreateDesign(Options.Predictor.Layout(layers), Options.Seed);
        _plan = new PredictorPlan(_engine, design, Precision, Options.Sampling.Kernels);
        PredictorInitialization.Draw(design.Shape, Options.Predictor.Initialization, _plan.Parameters, new Generator(1));
        _plan.ParametersChanged();
        _predicted = new float[design.Layout.Kernels * design.Layout.RowSize];
        _kernels = [.. Enumerable.Range(0, design.Layout.Kernels)];
        new Generator(2).Shuffle(_kernels.AsSpan());
        ForwardBatch();
        _plan.Output.CopyTo(_plan.OutputGradient);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _plan.Dispose();
        _engine.Dispose();
    }

    [Benchmark]
    public void ForwardAll() => _plan.PredictAll(_predicted);

    [Benchmark]
    public void ForwardBatch() => _plan.PredictBatch(_kernels, Options.Sampling.Kernels);

    [Benchmark]
    public void BackwardBatch() => _plan.Backward();

    [Benchmark]
    public void ParametersChanged() => _plan.ParametersChanged();
}
