namespace Nern.OneDnn;

/// <summary>The role a memory plays in an execution (DNNL_ARG_*; the last is numbered anew in each version of the library).</summary>
public enum Argument
{
    /// <summary>First source.</summary>
    Source = 1,
    /// <summary>Second source.</summary>
    Source1 = 2,
    /// <summary>Destination.</summary>
    Destination = 17,
    /// <summary>Weights.</summary>
    Weights = 33,
    /// <summary>Bias.</summary>
    Bias = 41,
    /// <summary>Mean of a batch normalisation.</summary>
    Mean = 49,
    /// <summary>Variance of a batch normalisation.</summary>
    Variance = 50,
    /// <summary>Scale (gamma) of a batch normalisation.</summary>
    Scale = 51,
    /// <summary>Shift (beta) of a batch normalisation.</summary>
    Shift = 52,
    /// <summary>What a forward primitive leaves for its backward one.</summary>
    Workspace = 64,
    /// <summary>Gradient of the source.</summary>
    SourceGradient = 129,
    /// <summary>Gradient of the destination.</summary>
    DestinationGradient = 145,
    /// <summary>Gradient of the weights.</summary>
    WeightsGradient = 161,
    /// <summary>Gradient of the bias.</summary>
    BiasGradient = 169,
    /// <summary>Gradient of the scale.</summary>
    ScaleGradient = 255,
    /// <summary>Gradient of the shift.</summary>
    ShiftGradient = 256,
    /// <summary>First of many sources (concatenation); the i-th is this plus i.</summary>
    MultipleSource = 1024,
    /// <summary>Second operand of the first post-op, where that is a binary one.</summary>
    PostOpSource = int.MaxValue,
}
