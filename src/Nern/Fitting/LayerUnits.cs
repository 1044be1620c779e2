namespace Nern.Fitting;

/// <summary>What the predictor's values are in.</summary>
public enum LayerUnits
{
    /// <summary>The weights' own unit (paper, section 3.1).</summary>
    One,
    /// <summary>For each layer the power of two nearest to the root mean square of its weights: a product with it is exact.</summary>
    PowerOfTwo,
}
