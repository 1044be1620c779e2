using BenchmarkDotNet.Attributes;
using Nern.Data;
using Nern.Engine;
using Nern.Kernels;
using Nern.Networks.Architectures;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.Training;

namespace Nern.Bench;

/// <summary>The two networks of a step and their losses, on 16 images and all threads: ResNet-20.</summary>
public class NetworkBenchmarks
{
    private const int Images = 16;
    private const double Scale = 1e-4;

    private CpuEngine _engine = null!;
    private NetworkPlan _original = null!, _reconstruction = null!;
    private FeatureMap[] _maps = null!;

    [Params(Precision.Float32, Precision.BFloat16)]
    public Precision Precision { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _engine = new CpuEngine();
        var network = UntrainedNetwork.Create(CifarResNet.Build(20), new Generator(1));
        var learnable = LearnableLayer.AllOf(network.Graph).Select(layer => layer.Name).ToHashSet();
        _original = NetworkPlan.Original(_engine, network, Images, Precision);
        _reconstruction = NetworkPlan.Reconstruction(_engine, network, _original, Precision, learnable);
        _maps = [.. _reconstruction.FeatureMaps];
        foreach (var map in _maps)
            (map.Loss, map.Scale) = (FeatureMapLoss.Of(FeatureMapLossForm.Released), Scale);
        new UniformNoise(3, 32, 32).Fill(_original.Images, Images, new Generator(2));
        TeacherAndStudentForward();
        Losses();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _reconstruction.Dispose();
        _original.Dispose();
        _engine.Dispose();
    }

    [Benchmark]
    public void TeacherForward() => _original.Forward();

    [Benchmark]
    public void TeacherAndStudentForward() => _reconstruction.Forward();

    [Benchmark]
    public void Backward() => _reconstruction.Backward();

    [Benchmark]
    public double Losses()
    {
        var sum = LogitLoss.Apply(
            _original.Logits, _reconstruction.Logits, _reconstruction.LogitGradient, _original.Graph.Logits, Scale, LogitLossForm.Stable);
        foreach (var map in _maps)
            sum += map.LossSum;
        return sum;
    }
}
