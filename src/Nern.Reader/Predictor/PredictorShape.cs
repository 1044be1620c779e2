namespace Nern.Predictor;

/// <summary>
/// The shape of the predictor: a perceptron of <see cref="Depth"/> linear layers with an activation between,
/// inputs -> hidden -> … -> hidden -> outputs (paper, section 3.1). All its parameters lie in one vector: for each layer the
/// weight [outputs, inputs], row-major, then the bias [outputs].
/// </summary>
public sealed record PredictorShape
{
    /// <summary>The largest hidden size.</summary>
    public const int LargestHidden = 16384;

    /// <summary>The most linear layers.</summary>
    public const int LargestDepth = 32;

    /// <param name="inputs">Size of the embedded coordinate, all axes together.</param>
    /// <param name="hidden">Hidden size.</param>
    /// <param name="outputs">Values of the largest kernel.</param>
    /// <param name="depth">Linear layers; the paper has 5.</param>
    /// <exception cref="NernException">A value is out of range.</exception>
    public PredictorShape(int inputs, int hidden, int outputs, int depth = 5)
    {
        if (hidden is < 1 or > LargestHidden)
            throw new NernException($"The hidden size must lie between 1 and {LargestHidden}; got {hidden}.");
        if (depth is < 2 or > LargestDepth)
            throw new NernException($"The predictor takes 2 to {LargestDepth} linear layers; got {depth}.");
        var parameters = (hidden * (inputs + 1L)) + ((depth - 2) * hidden * (hidden + 1L)) + (outputs * (hidden + 1L));
        if (parameters > Array.MaxLength)
            throw new NernException($"A predictor may have {Array.MaxLength} parameters; {depth} layers of hidden size {hidden} take {parameters}.");
        Inputs = inputs;
        Hidden = hidden;
        Outputs = outputs;
        Depth = depth;
    }

    /// <summary>Size of the embedded coordinate.</summary>
    public int Inputs { get; }

    /// <summary>Hidden size.</summary>
    public int Hidden { get; }

    /// <summary>Values of the largest kernel.</summary>
    public int Outputs { get; }

    /// <summary>Linear layers.</summary>
    public int Depth { get; }

    /// <summary>What stands between the layers; the paper's ReLU if nothing is said.</summary>
    public Activation Activation { get; init; }

    /// <summary>What is added behind the activations; the paper's nothing if nothing is said.</summary>
    public SkipKind Skip { get; init; }

    /// <summary>Whether it is the paper's predictor, whose activations the library's products end with at no cost.</summary>
    internal bool IsPlain => Activation == Activation.Relu && Skip == SkipKind.None;

    /// <summary>All parameters.</summary>
    public int ParameterCount => BiasOffset(Depth - 1) + RowsOf(Depth - 1);

    /// <summary>Where among the parameters the weights of each linear layer are.</summary>
    internal IEnumerable<(int Offset, int Count)> Weights =>
        Enumerable.Range(0, Depth).Select(layer => (WeightOffset(layer), RowsOf(layer) * ColumnsOf(layer)));

    /// <summary>Outputs of a layer.</summary>
    public int RowsOf(int layer) => layer == Depth - 1 ? Outputs : Hidden;

    /// <summary>Inputs of a layer.</summary>
    public int ColumnsOf(int layer) => layer == 0 ? Inputs : Hidden;

    /// <summary>Where a layer's weight begins.</summary>
    public int WeightOffset(int layer) => layer == 0
        ? 0
        : checked((Hidden * (Inputs + 1)) + ((layer - 1) * Hidden * (Hidden + 1)));

    /// <summary>Where a layer's bias begins.</summary>
    public int BiasOffset(int layer) => WeightOffset(layer) + (RowsOf(layer) * ColumnsOf(layer));
}

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
