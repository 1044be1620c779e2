namespace Nern.Onnx.Operators;

/// <summary>Which operators of ONNX there are.</summary>
internal static class OnnxOperators
{
    private static readonly Dictionary<string, Func<OnnxImport, OnnxNode, OnnxValue>> OfActivations = new()
    {
        ["Conv"] = LayerOperators.Conv,
        ["BatchNormalization"] = LayerOperators.BatchNormalization,
        ["Gemm"] = LayerOperators.Gemm,
        ["MatMul"] = LayerOperators.MatMul,
        ["MaxPool"] = PoolOperators.MaxPool,
        ["AveragePool"] = PoolOperators.AveragePool,
        ["GlobalMaxPool"] = PoolOperators.GlobalMaxPool,
        ["GlobalAveragePool"] = PoolOperators.GlobalAveragePool,
        ["ReduceMean"] = PoolOperators.ReduceMean,
        ["Relu"] = ElementwiseOperators.Relu,
        ["LeakyRelu"] = ElementwiseOperators.LeakyRelu,
        ["Clip"] = ElementwiseOperators.Clip,
        ["Sigmoid"] = ElementwiseOperators.Sigmoid,
        ["HardSigmoid"] = ElementwiseOperators.HardSigmoid,
        ["HardSwish"] = ElementwiseOperators.HardSwish,
        ["Sum"] = ElementwiseOperators.Sum,
        ["Min"] = ElementwiseOperators.Min,
        ["Max"] = ElementwiseOperators.Max,
        ["Add"] = ElementwiseOperators.Add,
        ["Sub"] = ElementwiseOperators.Sub,
        ["Mul"] = ElementwiseOperators.Mul,
        ["Div"] = ElementwiseOperators.Div,
        ["Concat"] = ElementwiseOperators.Concat,
        ["Softmax"] = ShapeOperators.Softmax,
        ["LogSoftmax"] = ShapeOperators.Softmax,
        ["ArgMax"] = ShapeOperators.ArgMax,
        ["Identity"] = ShapeOperators.Identity,
        ["Dropout"] = ShapeOperators.Dropout,
        ["Cast"] = ShapeOperators.Cast,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Expand"] = ShapeOperators.Expand,
        ["Slice"] = SliceOperators.Slice,
        ["Split"] = SliceOperators.Split,
        ["Gather"] = SliceOperators.Gather,
        ["Pad"] = SliceOperators.Pad,
        ["Shape"] = ConstantOperators.Shape,
    };

    /// <summary>The way to read a node, or null if there is none.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="inputs">What its inputs stand for.</param>
    internal static Func<OnnxImport, OnnxNode, OnnxValue>? Find(string name, IReadOnlyList<OnnxValue?> inputs) =>
        inputs.All(input => input is null or OnnxConstant) && ConstantOperators.Find(name) is { } fold ? fold
            : OfActivations.GetValueOrDefault(name);
}
