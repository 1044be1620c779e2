namespace Nern.OneDnn;

/// <summary>Element types (dnnl_data_type_t).</summary>
public enum DataType
{
    /// <summary>bfloat16: a float32 cut to its upper 16 bits.</summary>
    BFloat16 = 2,
    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 3,
    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 4,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 6,
}

/// <summary>What element types take.</summary>
public static class DataTypes
{
    /// <summary>Bytes of an element.</summary>
    public static int Size(this DataType type) => type switch { DataType.BFloat16 => 2, DataType.UInt8 => 1, _ => 4 };
}
