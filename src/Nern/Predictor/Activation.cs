namespace Nern.Predictor;

/// <summary>What stands between the predictor's linear layers.</summary>
public enum Activation
{
    /// <summary>max(0, x), as in the paper.</summary>
    Relu,
    /// <summary>
    /// sin(x) behind every hidden layer. With He's first weights it is what SIREN (Sitzmann et al. 2020) computes behind its first
    /// layer: there a factor of 30 in the sine and one of 1/30 in the first weights cancel. The frequencies that SIREN's first layer
    /// makes are the embedding's here.
    /// </summary>
    Sine,
    /// <summary>x Phi(x) by its usual approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) (Hendrycks and Gimpel 2016).</summary>
    Gelu,
    /// <summary>x / (1 + exp(-x)), also called swish.</summary>
    Silu,
    /// <summary>x above 0, x / 100 below.</summary>
    LeakyRelu,
}
