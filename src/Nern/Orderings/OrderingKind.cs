namespace Nern.Orderings;

/// <summary>How the kernels of a layer are put in order before the predictor meets them (paper, section 3.3).</summary>
public enum OrderingKind
{
    /// <summary>As they stand in the network.</summary>
    None,
    /// <summary>A path through the kernels of each filter, then a path through the filters so permuted.</summary>
    InFilter,
    /// <summary>One path through all kernels of the layer.</summary>
    CrossFilter,
}
