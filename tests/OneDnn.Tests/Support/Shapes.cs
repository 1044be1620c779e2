namespace Nern.OneDnn.Tests.Support;

/// <summary>Theory data.</summary>
internal static class Shapes
{
    /// <summary>Seeds 0, 1, …, each in both floating-point types.</summary>
    internal static TheoryData<int, DataType> Cases(int count)
    {
        var cases = new TheoryData<int, DataType>();
        for (var seed = 0; seed < count; seed++)
        {
            cases.Add(seed, DataType.Float32);
            cases.Add(seed, DataType.BFloat16);
        }
        return cases;
    }
}
