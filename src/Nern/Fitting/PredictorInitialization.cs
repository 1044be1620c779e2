using Nern.Kernels;
using Nern.Predictor;

namespace Nern.Fitting;

/// <summary>How the predictor's parameters begin.</summary>
public enum Initialization
{
    /// <summary>
    /// He et al. 2015 for the hidden layers; then the last layer is scaled and shifted so that the first predictions have the
    /// mean and the variance of the original weights (paper, appendix B).
    /// </summary>
    Matched,
    /// <summary>PyTorch's default for linear layers: everything uniform in ±1/sqrt(inputs).</summary>
    Torch,
}

/// <summary>Draws the predictor's first parameters.</summary>
internal static class PredictorInitialization
{
    /// <summary>Fills <paramref name="parameters"/>; <see cref="Match"/> has still to be called for the matched kind.</summary>
    internal static void Draw(PredictorShape shape, Initialization kind, Span<float> parameters, Generator generator)
    {
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            var (rows, columns) = (shape.RowsOf(layer), shape.ColumnsOf(layer));
            var weight = parameters.Slice(shape.WeightOffset(layer), rows * columns);
            var bias = parameters.Slice(shape.BiasOffset(layer), rows);
            if (kind == Initialization.Torch)
            {
                var bound = 1 / Math.Sqrt(columns);
                foreach (ref var value in weight)
                    value = (float)(bound * ((2 * generator.NextDouble()) - 1));
                foreach (ref var value in bias)
                    value = (float)(bound * ((2 * generator.NextDouble()) - 1));
            }
            else
            {
                var deviation = Math.Sqrt(2.0 / columns);
                foreach (ref var value in weight)
                    value = (float)(deviation * generator.NextNormal());
                bias.Clear();
            }
        }
    }

    /// <summary>Scales and shifts the last layer so that predictions get the mean and variance of the original's weights.</summary>
    /// <param name="shape">The predictor.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="layout">The kernels.</param>
    /// <param name="predicted">What the parameters predict, [kernels, K x K].</param>
    /// <param name="original">The original's weights, laid out alike.</param>
    internal static void Match(
        PredictorShape shape, Span<float> parameters, KernelLayout layout, ReadOnlySpan<float> predicted, ReadOnlySpan<float> original)
    {
        var (mean, deviation) = Moments(layout, original);
        var (firstMean, firstDeviation) = Moments(layout, predicted);
        var scale = firstDeviation > 0 ? deviation / firstDeviation : 1;
        var last = shape.Depth - 1;
        foreach (ref var value in parameters.Slice(shape.WeightOffset(last), shape.Outputs * shape.Hidden))
            value = (float)(value * scale);
        foreach (ref var value in parameters.Slice(shape.BiasOffset(last), shape.Outputs))
            value = (float)(((value - firstMean) * scale) + mean);
    }

    /// <summary>
    /// Writes a predictor's parameters over those that were drawn for one with as many hidden units or more, so that this predicts the
    /// same: what more units there are take what was drawn, and those that were there take nothing of them (Net2Net, Chen et al. 2016).
    /// </summary>
    /// <param name="given">The predictor.</param>
    /// <param name="givenParameters">Its parameters.</param>
    /// <param name="shape">The one with more hidden units, and else the same.</param>
    /// <param name="parameters">Its parameters.</param>
    internal static void Widen(
        PredictorShape given, ReadOnlySpan<float> givenParameters, PredictorShape shape, Span<float> parameters)
    {
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            var (rows, columns, all) = (given.RowsOf(layer), given.ColumnsOf(layer), shape.ColumnsOf(layer));
            for (var row = 0; row < rows; row++)
            {
                var weights = parameters.Slice(shape.WeightOffset(layer) + (row * all), all);
                givenParameters.Slice(given.WeightOffset(layer) + (row * columns), columns).CopyTo(weights);
                weights[columns..].Clear();
            }
            givenParameters.Slice(given.BiasOffset(layer), rows).CopyTo(parameters[shape.BiasOffset(layer)..]);
        }
    }

    private static (double Mean, double Deviation) Moments(KernelLayout layout, ReadOnlySpan<float> rows)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var kernel = 0; kernel < layout.Kernels; kernel++)
            foreach (var position in layout.PositionsOf(kernel))
            {
                var value = (double)rows[(kernel * layout.RowSize) + position];
                sum += value;
                squares += value * value;
            }
        var mean = sum / layout.WeightCount;
        return (mean, Math.Sqrt(Math.Max(0, (squares / layout.WeightCount) - (mean * mean))));
    }
}
