namespace Nern.Fitting;

/// <summary>Where the mean of a filter's weights comes from.</summary>
public enum FilterMeans
{
    /// <summary>From the predictor, like all else (paper).</summary>
    Predicted,
    /// <summary>From the file, which has a float for each filter.</summary>
    Stored,
}
