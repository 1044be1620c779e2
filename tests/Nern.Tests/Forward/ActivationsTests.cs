using Nern.Forward;
using Nern.Predictor;

namespace Nern.Tests.Forward;

public class ActivationsTests
{
    private static readonly float[] Values =
        [.. Enumerable.Range(-4000, 8000).Select(i => i / 128f), -1e30f, -200, -1e-20f, 0, 1e-20f, 300, 1e30f, 0.1f, .. new float[8]];

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Sine)]
    public void They_are_their_formulas(Activation kind)
    {
        var found = Applied<FourLanes>(kind);

        for (var i = 0; i < Values.Length; i++)
        {
            double x = Values[i];
            var expected = kind switch
            {
                Activation.Relu => Math.Max(x, 0),
                Activation.LeakyRelu => x > 0 ? x : x * 0.01f,
                Activation.Silu => x / (1 + Math.Exp(-x)),
                Activation.Gelu => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
                _ => Math.Sin(x),
            };
            // Where the sum of 1 and a large power is all but that power, and where tanh all but -1, little is left to be exact of.
            if (kind != Activation.Sine || Math.Abs(x) < 1e9)
                Assert.Equal(expected, found[i], (Math.Abs(expected) * 5e-7) + 3e-7 + (Math.Abs(x) > 8 ? 1e-4 : 0));
        }
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Sine)]
    public void The_bits_do_not_depend_on_the_lanes(Activation kind)
    {
        var four = Applied<FourLanes>(kind);

        if (EightLanes.IsSupported)
            Assert.Equal(Bits(four), Bits(Applied<EightLanes>(kind)));
        if (SixteenLanes.IsSupported)
            Assert.Equal(Bits(four), Bits(Applied<SixteenLanes>(kind)));
    }

    [Fact]
    public void What_is_no_number_is_0_behind_a_rectifier()
    {
        var values = new float[16];
        values[3] = float.NaN;
        Activations<FourLanes>.Apply(Activation.Relu, values);

        Assert.Equal(new float[16], values);
    }

    private static float[] Applied<T>(Activation kind) where T : struct, ILanes<T>
    {
        float[] values = [.. Values];
        Activations<T>.Apply(kind, values);
        return values;
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
