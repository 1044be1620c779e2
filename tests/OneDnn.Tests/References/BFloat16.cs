namespace Nern.OneDnn.Tests.References;

/// <summary>bfloat16 in managed code.</summary>
internal static class BFloat16
{
    /// <summary>The bits of the nearest bfloat16; of two equally near ones the one with an even last bit.</summary>
    internal static ushort Bits(double value)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        var below = (ushort)(bits >> 16);
        var rest = bits & 0xFFFF;
        return rest > 0x8000 || (rest == 0x8000 && (below & 1) == 1) ? (ushort)(below + 1) : below;
    }

    internal static double Value(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>What storing <paramref name="values"/> as <paramref name="type"/> leaves of them.</summary>
    internal static double[] Stored(IEnumerable<double> values, DataType type) =>
        [.. values.Select(value => type == DataType.BFloat16 ? Value(Bits(value)) : (float)value)];
}
