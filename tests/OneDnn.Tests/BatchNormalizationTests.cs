using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class BatchNormalizationTests
{
    private const float Epsilon = 1e-3f;

    public static TheoryData<int, DataType> Cases => Shapes.Cases(count: 6);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Training_uses_and_yields_the_statistics_of_the_batch(int seed, DataType type) => Check(seed, type, globalStatistics: false);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Inference_uses_the_statistics_given(int seed, DataType type) => Check(seed, type, globalStatistics: true);

    private static void Check(int seed, DataType type, bool globalStatistics)
    {
        using var bench = new Workbench(seed);
        var source = bench.NewVolume(type, bench.Pick(2, 3), bench.Pick(1, 3, 16, 17), bench.Pick(3, 4), bench.Pick(3, 5));
        var gradient = source.With(bench.Numbers(source.Values.Length, type));
        var scale = bench.Numbers(source.Channels, DataType.Float32);
        var shift = bench.Numbers(source.Channels, DataType.Float32);
        var (mean, variance) = globalStatistics
            ? (bench.Numbers(source.Channels, DataType.Float32), [.. bench.Numbers(source.Channels, DataType.Float32).Select(v => 1.5 + v)])
            : ReferenceBatchNormalization.Statistics(source);

        var order = MemoryDescriptor.RowMajor(type, source.Dimensions);
        var vector = MemoryDescriptor.RowMajor(DataType.Float32, source.Channels);
        var forward = bench.Own(Primitives.BatchNormalizationForward(bench.Engine, order, Epsilon, globalStatistics));
        var sourceMemory = bench.Put(order, source.Values);
        var scaleMemory = bench.Put(vector, scale);
        var shiftMemory = bench.Put(vector, shift);
        var meanMemory = globalStatistics ? bench.Put(vector, mean) : bench.Empty(vector);
        var varianceMemory = globalStatistics ? bench.Put(vector, variance) : bench.Empty(vector);
        var result = bench.Empty(order);
        bench.Run(
            forward,
            (Argument.Source, sourceMemory), (Argument.Mean, meanMemory), (Argument.Variance, varianceMemory),
            (Argument.Scale, scaleMemory), (Argument.Shift, shiftMemory), (Argument.Destination, result));
        Closeness.AssertClose(
            ReferenceBatchNormalization.Forward(source, mean, variance, scale, shift, Epsilon).Values, bench.Get(result),
            Closeness.Tolerance(type));
        Closeness.AssertClose(mean, bench.Get(meanMemory), Closeness.Float32Tolerance, "mean");
        Closeness.AssertClose(variance, bench.Get(varianceMemory), Closeness.Float32Tolerance, "variance");

        var backward = bench.Own(Primitives.BatchNormalizationBackward(bench.Engine, forward, order, order, Epsilon, globalStatistics));
        Memory sourceGradient = bench.Empty(order), scaleGradient = bench.Empty(vector), shiftGradient = bench.Empty(vector);
        bench.Run(
            backward,
            (Argument.Source, sourceMemory), (Argument.Mean, meanMemory), (Argument.Variance, varianceMemory),
            (Argument.Scale, scaleMemory), (Argument.Shift, shiftMemory), (Argument.DestinationGradient, bench.Put(order, gradient.Values)),
            (Argument.SourceGradient, sourceGradient), (Argument.ScaleGradient, scaleGradient), (Argument.ShiftGradient, shiftGradient));
        var expected = ReferenceBatchNormalization.Backward(source, gradient, mean, variance, scale, Epsilon, fromBatch: !globalStatistics);
        Closeness.AssertClose(expected.Source.Values, bench.Get(sourceGradient), Closeness.Tolerance(type), "source gradient");
        Closeness.AssertClose(expected.Scale, bench.Get(scaleGradient), Closeness.Tolerance(type), "scale gradient");
        Closeness.AssertClose(expected.Shift, bench.Get(shiftGradient), Closeness.Tolerance(type), "shift gradient");
    }
}
