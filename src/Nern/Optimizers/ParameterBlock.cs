namespace Nern.Optimizers;

/// <summary>One tensor inside the flat parameters: row-major, [<paramref name="Rows"/>, <paramref name="Columns"/>].</summary>
/// <param name="Offset">Index of its first value.</param>
/// <param name="Rows">Outputs of the linear layer.</param>
/// <param name="Columns">Inputs of the linear layer (fan-in); 1 for a bias.</param>
/// <param name="IsMatrix">True for weights, false for a bias: what treats the two differently asks this, not the shape.</param>
internal readonly record struct ParameterBlock(int Offset, int Rows, int Columns, bool IsMatrix)
{
    /// <summary>How many values it holds.</summary>
    public int Length => Rows * Columns;

    /// <summary>Index just after its last value.</summary>
    public int End => Offset + Length;

    /// <summary>The weights of a linear layer, [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    public static ParameterBlock Matrix(int offset, int rows, int columns) => new(offset, rows, columns, true);

    /// <summary>A bias of <paramref name="length"/> values.</summary>
    public static ParameterBlock Bias(int offset, int length) => new(offset, length, 1, false);
}
