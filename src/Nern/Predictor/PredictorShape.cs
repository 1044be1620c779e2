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
