using Nern.Optimizers;
using Nern.Predictor;

namespace Nern.Fitting;

/// <summary>A predictor's parameters as optimisers take them.</summary>
internal static class PredictorBlocks
{
    /// <summary>For each layer its weight, then its bias.</summary>
    internal static IReadOnlyList<ParameterBlock> Blocks(this PredictorShape shape) =>
    [
        .. Enumerable.Range(0, shape.Depth).SelectMany(layer => new[]
        {
            ParameterBlock.Matrix(shape.WeightOffset(layer), shape.RowsOf(layer), shape.ColumnsOf(layer)),
            ParameterBlock.Bias(shape.BiasOffset(layer), shape.RowsOf(layer)),
        }),
    ];
}
