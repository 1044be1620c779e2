using Nern.Networks;
using Nern.Tensors;

namespace Nern.Onnx;

/// <summary>What an ONNX model is as a network.</summary>
/// <param name="Graph">The architecture.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Stored">Where the model stores them.</param>
/// <param name="Computed">Kernels that it computes instead.</param>
internal sealed record ImportedModel(
    Graph Graph, IReadOnlyList<KeyValuePair<string, Tensor>> Tensors, IReadOnlyList<StoredParameter> Stored,
    IReadOnlyList<ComputedParameter> Computed);
