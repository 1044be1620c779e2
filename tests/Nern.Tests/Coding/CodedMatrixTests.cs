using Nern.Coding;

namespace Nern.Tests.Coding;

public class CodedMatrixTests
{
    [Fact]
    public void Factors_are_powers_to_the_last_bit()
    {
        for (var exponent = -CodedMatrix.LargestExponent; exponent <= CodedMatrix.LargestExponent; exponent++)
        {
            var (expected, found) = ((float)Math.Pow(2, exponent / 32.0), CodedMatrix.Factor(exponent));
            Assert.InRange(found, MathF.BitDecrement(expected), MathF.BitIncrement(expected));
            if (exponent % 32 == 0)
                Assert.Equal(MathF.ScaleB(1, exponent / 32), found);
        }
    }

    [Fact]
    public void Fractions_of_an_octave_are_those_of_the_format() => Assert.Equal(
        "3F800000 3F82CD87 3FB504F3 3FFA83B3 3F7A83B3",
        string.Join(' ', new[] { 0, 1, 16, 31, -1 }.Select(e => BitConverter.SingleToUInt32Bits(CodedMatrix.Factor(e)).ToString("X8"))));

    [Fact]
    public void Values_are_integers_times_step_times_factor()
    {
        Assert.Equal([1.5f, -3f, 0f, 4.5f], new CodedMatrix([1, -2, 0, 3], 1.5f, []).ToFloats());
        Assert.Equal([3f, -6f, 0f, 1.125f], new CodedMatrix([1, -2, 0, 3], 1.5f, [32, -64]).ToFloats());
        Assert.Equal(
            0.3f * CodedMatrix.Factor(5) * 16777215f, Assert.Single(new CodedMatrix([16777215], 0.3f, [5]).ToFloats()));
        Assert.Empty(new CodedMatrix([], 1, [1, 2]).ToFloats());
    }
}
