namespace Nern.Fitting.Sampling;

/// <summary>Through which kernels the gradient of a step flows (section 3.2 of the paper).</summary>
public enum SamplingKind
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those of one layer, each equally likely; where it is larger than a batch, a uniform batch of it.</summary>
    Layer,

    /// <summary>A uniform batch of all layers.</summary>
    Uniform,

    /// <summary>Mostly a uniform batch, else one in which large kernels are likelier. The paper's choice.</summary>
    Magnitude,
}
