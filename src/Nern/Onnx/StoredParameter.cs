using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>A parameter of a network that a model stores as it is.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Tensor">Where the model stores it.</param>
/// <param name="IsTransposed">Whether it is stored the other way round.</param>
internal sealed record StoredParameter(string Name, TensorProto Tensor, bool IsTransposed);

/// <summary>A parameter of a network that a model computes of constants.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Value">What the model calls its value.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record ComputedParameter(string Name, string Value, IReadOnlyList<int> Shape);
