namespace Nern.Optimizers;

/// <summary>The optimisers there are.</summary>
public enum OptimizerKind
{
    /// <summary>RAdam, Lookahead and gradient centralisation, as the paper does.</summary>
    Ranger,
    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
    /// <summary>Gradient descent with Nesterov's momentum.</summary>
    Sgd,
}
