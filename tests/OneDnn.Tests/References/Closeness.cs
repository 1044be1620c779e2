namespace Nern.OneDnn.Tests.References;

/// <summary>Compares with a reference, relative to the reference's largest magnitude.</summary>
internal static class Closeness
{
    internal const double Float32Tolerance = 1e-4;
    internal const double BFloat16Tolerance = 2e-2;

    internal static double Tolerance(DataType type) => type == DataType.BFloat16 ? BFloat16Tolerance : Float32Tolerance;

    internal static void AssertClose(double[] expected, double[] actual, double tolerance, string what = "result")
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * largest))
                Assert.Fail($"{what}[{i}] should be {expected[i]:g9} and is {actual[i]:g9}; the largest magnitude is {largest:g9}.");
    }
}
