using Nern.OneDnn;

namespace Nern.Engine.Passes;

/// <summary>Makes the managed passes for the element type of the memory they work on.</summary>
internal static class Pass
{
    internal static Step Relu(Memory value, Memory activation, int batch, FeatureMap? map = null, float? ceiling = null) =>
        (IsBFloat16(value, activation, map?.Original ?? value, map?.OriginalActivation ?? value, map?.Gradient ?? value), ceiling) switch
        {
            (true, null) => new ReluPass<ushort, BFloat16Element, NoCeiling>(value, activation, batch, map),
            (true, { } most) => new ReluPass<ushort, BFloat16Element, WithCeiling>(value, activation, batch, map, most),
            (false, null) => new ReluPass<float, Float32Element, NoCeiling>(value, activation, batch, map),
            (false, { } most) => new ReluPass<float, Float32Element, WithCeiling>(value, activation, batch, map, most),
        };

    internal static Step ReluBackward(
        Memory activation, Memory first, Memory? second, Memory result, FeatureMap? map = null, float? ceiling = null) =>
        (IsBFloat16(activation, first, second ?? first, result, map?.Gradient ?? activation), ceiling) switch
        {
            (true, null) => new ReluBackwardPass<ushort, BFloat16Element, NoCeiling>(activation, first, second, result, map),
            (true, { } most) => new ReluBackwardPass<ushort, BFloat16Element, WithCeiling>(activation, first, second, result, map, most),
            (false, null) => new ReluBackwardPass<float, Float32Element, NoCeiling>(activation, first, second, result, map),
            (false, { } most) => new ReluBackwardPass<float, Float32Element, WithCeiling>(activation, first, second, result, map, most),
        };

    internal static Step Sum(string kind, Memory first, Memory second, Memory result) =>
        IsBFloat16(first, second, result)
            ? new SumPass<ushort, BFloat16Element>(kind, first, second, result)
            : new SumPass<float, Float32Element>(kind, first, second, result);

    /// <summary>The passes walk raw storage side by side, which is right only for equal layouts with samples outermost.</summary>
    private static bool IsBFloat16(params ReadOnlySpan<Memory> memories)
    {
        foreach (var memory in memories)
            if (!memory.Descriptor.Equals(memories[0].Descriptor))
                throw new ArgumentException($"An element-wise pass needs one layout; got {memories[0].Descriptor} and {memory.Descriptor}.");
        return memories[0].Descriptor.Type == DataType.BFloat16;
    }
}
