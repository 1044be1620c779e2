using System.Runtime.InteropServices;
using Nern.Tensors;

namespace Nern.Coding;

/// <summary>
/// A tensor as integers: each row is its integers times the step, times 2^(e/32) with e the row's exponent where there are exponents. The
/// values are float32, the same on every machine: products of two, each rounded once.
/// </summary>
/// <param name="Integers">[rows, columns], row-major, of magnitudes below 2^24.</param>
/// <param name="Step">What an integer counts where there is no exponent.</param>
/// <param name="Exponents">One a row, in 32nds of an octave; empty for none.</param>
internal sealed record CodedMatrix(int[] Integers, float Step, int[] Exponents)
{
    /// <summary>Exponents of an octave.</summary>
    internal const int ExponentsPerOctave = 32;

    /// <summary>The largest magnitude of an exponent: factors stay far within float32.</summary>
    internal const int LargestExponent = 32 * 60;

    private static readonly float[] Fractions = TableOfFractions();

    /// <summary>The values, row-major.</summary>
    internal float[] ToFloats()
    {
        var values = new float[Integers.Length];
        Fill(values);
        return values;
    }

    /// <summary>The values as a tensor.</summary>
    internal Tensor ToTensor(IReadOnlyList<int> shape)
    {
        var data = GC.AllocateUninitializedArray<byte>(checked(Integers.Length * sizeof(float)));
        Fill(MemoryMarshal.Cast<byte, float>(data.AsSpan()));
        return new Tensor(ElementType.Float32, shape, data);
    }

    private void Fill(Span<float> values)
    {
        var columns = Exponents.Length == 0 ? Integers.Length : Integers.Length / Exponents.Length;
        for (var first = 0; first < values.Length; first += columns)
        {
            var step = Exponents.Length == 0 ? Step : Step * Factor(Exponents[first / columns]);
            var from = Integers.AsSpan(first, columns);
            var to = values.Slice(first, columns);
            for (var i = 0; i < to.Length; i++)
                to[i] = step * from[i];
        }
    }

    /// <summary>2^(exponent / 32), rounded once.</summary>
    internal static float Factor(int exponent)
    {
        var octave = exponent >> 5;
        return Fractions[exponent - (octave << 5)] * BitConverter.Int32BitsToSingle((octave + 127) << 23);
    }

    // By roots and products, which IEEE 754 defines to the bit, as it does not define powers.
    private static float[] TableOfFractions()
    {
        var roots = new double[5];
        for (var (i, value) = (0, 2.0); i < roots.Length; i++)
            roots[i] = value = Math.Sqrt(value);
        var table = new float[ExponentsPerOctave];
        for (var i = 0; i < table.Length; i++)
        {
            var product = 1.0;
            for (var bit = 0; bit < roots.Length; bit++)
                if ((i >> (roots.Length - 1 - bit) & 1) != 0)
                    product *= roots[bit];
            table[i] = (float)product;
        }
        return table;
    }
}
