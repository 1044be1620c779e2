namespace Nern.Predictor;

/// <summary>What coordinates are divided by before they are embedded (paper, section 3.1).</summary>
public enum CoordinateNormalization
{
    /// <summary>Each by its own extent: (l / L, f / F_l, c / C_l).</summary>
    Local,
    /// <summary>All by the largest extent of any layer.</summary>
    Global,
    /// <summary>Nothing: the bare indices.</summary>
    None,
}
