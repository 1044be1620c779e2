namespace Nern.Fitting;

/// <summary>In which order the values of a kernel, or of a block of small ones, stand in the predictor's output.</summary>
public enum ValueOrder
{
    /// <summary>As they stand in the network.</summary>
    None,
    /// <summary>From the least to the largest; the file has the order of each.</summary>
    Sorted,
}
