using Nern.Engine;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Prediction;
using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>Activations and their slopes value by value, far from zero too.</summary>
public sealed class ActivationStepsTests : IDisposable
{
    private readonly CpuEngine _engine = new();
    private readonly Resources _owned = new();

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    // Of a length that fits no vector.
    private static double[] Numbers =>
    [
        0, -0.0, 1e-6, -1e-6, 0.5, -0.5, 3, -3, 20, -20, 100, -100, 1000, -1000,
        .. Enumerable.Range(0, 61).Select(i => (i - 30) / 7.0),
    ];

    public void Dispose()
    {
        _owned.Dispose();
        _engine.Dispose();
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Values_are_those_of_the_formula(Activation kind)
    {
        foreach (var type in new[] { DataType.Float32, DataType.BFloat16 })
        {
            using var value = Fill(Numbers, type);
            using var result = Fill(new double[Numbers.Length], type);
            foreach (var target in new[] { result, value })
            {
                var expected = Read(value).Select(x => ReferenceActivation.Value(kind, x)).ToArray();
                ActivationSteps.Forward(_engine, _owned, kind, value, null, target).Run();
                AssertEach(expected, Read(target), type == DataType.Float32 ? 2e-6 : 1.0 / 256);
            }
        }
    }

    [Theory]
    [InlineData(DataType.Float32, 2e-6)]
    [InlineData(DataType.BFloat16, 1.0 / 256)]
    public void What_is_skipped_is_added_behind_the_activation(DataType type, double tolerance)
    {
        var random = new Generator(2);
        using var value = Fill(Numbers, type);
        using var skipped = Fill([.. Numbers.Select(_ => random.NextNormal())], type);
        var expected = Read(value).Zip(Read(skipped), (x, s) => Math.Sin(x) + s).ToArray();

        ActivationSteps.Forward(_engine, _owned, Activation.Sine, value, skipped, value).Run();

        AssertEach(expected, Read(value), tolerance);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Gradients_are_multiplied_with_the_slope(Activation kind)
    {
        var random = new Generator(1);
        double[] incoming = [.. Numbers.Select(_ => random.NextNormal())];
        using var value = Fill(Numbers, DataType.Float32);
        using var gradient = Fill(incoming, DataType.Float32);
        var expected = Read(value).Zip(Read(gradient), (x, g) => g * ReferenceActivation.Slope(kind, x)).ToArray();

        using var result = Fill(incoming, DataType.Float32);
        foreach (var target in new[] { result, gradient })
        {
            ActivationSteps.Backward(_engine, _owned, kind, value, gradient, target).Run();
            AssertEach(expected, Read(target), 5e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void The_reference_s_slope_is_that_of_its_value(Activation kind)
    {
        foreach (var x in new[] { -4.1, -0.7, -0.01, 0.02, 0.9, 5.3 })
        {
            double[] point = [x];
            Assert.Equal(
                CentralDifferences.Of(() => ReferenceActivation.Value(kind, point[0]), point)[0], ReferenceActivation.Slope(kind, x), 1e-8);
        }
    }

    private static void AssertEach(double[] expected, double[] actual, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }

    private Memory Fill(double[] values, DataType type)
    {
        var memory = new Memory(_engine, MemoryDescriptor.RowMajor(type, values.Length));
        for (var i = 0; i < values.Length; i++)
            if (type == DataType.BFloat16)
                memory.AsSpan<ushort>()[i] = BFloat16.Bits(values[i]);
            else
                memory.AsSpan<float>()[i] = (float)values[i];
        return memory;
    }

    private static double[] Read(Memory memory) => memory.Descriptor.Type == DataType.BFloat16
        ? [.. memory.AsSpan<ushort>().ToArray().Select(BFloat16.Value)]
        : [.. memory.AsSpan<float>().ToArray().Select(value => (double)value)];
}
