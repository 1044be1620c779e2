using BenchmarkDotNet.Attributes;
using Nern.Fitting;
using Nern.Optimizers;
using Nern.Predictor;

namespace Nern.Bench;

/// <summary>A step of each optimiser on the predictor of ResNet-20 with hidden size 160.</summary>
public class OptimizerBenchmarks
{
    private const float LearningRate = 1e-6f;

    private float[] _parameters = null!, _gradient = null!;
    private Ranger _ranger = null!;
    private AdamW _adamW = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var shape = new PredictorShape(inputs: 240, hidden: 160, outputs: 9);
        var generator = new Generator(1);
        _parameters = new float[shape.ParameterCount];
        _gradient = new float[shape.ParameterCount];
        foreach (ref var value in _gradient.AsSpan())
            value = (float)generator.NextNormal();
        _ranger = new Ranger(FitStep.BlocksOf(shape));
        _adamW = new AdamW(FitStep.BlocksOf(shape));
    }

    [Benchmark]
    public void RangerStep() => _ranger.Step(_parameters, _gradient, LearningRate);

    [Benchmark]
    public void AdamWStep() => _adamW.Step(_parameters, _gradient, LearningRate);
}
