namespace Nern.Predictor;

/// <summary>What is added behind the activation of each hidden layer but the first, whose activation is h_1.</summary>
public enum SkipKind
{
    /// <summary>Nothing, as in the paper: h_(i+1) = act(W h_i + b).</summary>
    None,
    /// <summary>The layer before: h_(i+1) = act(W h_i + b) + h_i.</summary>
    Residual,
    /// <summary>The first layer, by which the embedded coordinate comes in: h_(i+1) = act(W h_i + b) + h_1.</summary>
    Input,
}
