using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>The predictor as the paper writes it, in float64: the whole embedding through every layer, one kernel at a time.</summary>
internal sealed class ReferencePredictor(PredictorShape shape, Embedding embedding)
{
    internal ReferencePredictor(PredictorDesign design) : this(design.Shape, design.Embedding)
    {
    }


    /// <summary>The local coordinates of all kernels, in the order of the weights.</summary>
    internal static double[][] Coordinates(PredictorDesign design)
    {
        var coordinates = new double[design.Layout.Kernels][];
        for (var l = 0; l < design.Layout.Layers.Count; l++)
        {
            // Kernels of a filter, or as many blocks of n as they make.
            var layer = design.Layout.Layers[l];
            var channels = (int)Math.Ceiling((double)layer.Channels / ReferenceReading.ChannelsOfRow(design.Layout, l));
            for (var position = 0; position < layer.Filters * channels; position++)
                coordinates[design.Layout.Offsets[l] + design.Orderings[l].KernelAt[position]] =
                [
                    (double)l / design.Layout.Layers.Count,
                    (double)(position / channels) / layer.Filters,
                    (double)(position % channels) / channels,
                ];
        }
        return coordinates;
    }

    /// <summary>The kernel at a coordinate.</summary>
    internal double[] Predict(double[] parameters, double[] coordinate) => Run(parameters, coordinate).Values[^1];

    /// <summary>What each layer takes at a coordinate: the embedded coordinate, then what hidden layers give.</summary>
    internal double[][] Inputs(double[] parameters, double[] coordinate) => Run(parameters, coordinate).Activations[..^1];

    /// <summary>All kernels at <paramref name="coordinates"/>, one after another.</summary>
    internal double[] PredictAll(double[] parameters, IEnumerable<double[]> coordinates) =>
        [.. coordinates.SelectMany(coordinate => Predict(parameters, coordinate))];

    /// <summary>Adds the gradient of the sum of outputGradient times output at a coordinate.</summary>
    internal void AddGradient(double[] parameters, double[] coordinate, ReadOnlySpan<double> outputGradient, double[] gradient)
    {
        var (values, activations) = Run(parameters, coordinate);
        var flowing = outputGradient.ToArray();
        // By activation; the first is the embedded coordinate.
        var skipping = activations.Select(activation => new double[activation.Length]).ToArray();
        for (var layer = shape.Depth - 1; layer >= 0; layer--)
        {
            var (weight, bias) = (shape.WeightOffset(layer), shape.BiasOffset(layer));
            var inputs = activations[layer];
            var previous = new double[inputs.Length];
            for (var row = 0; row < flowing.Length; row++)
            {
                gradient[bias + row] += flowing[row];
                for (var column = 0; column < inputs.Length; column++)
                {
                    gradient[weight + (row * inputs.Length) + column] += flowing[row] * inputs[column];
                    previous[column] += flowing[row] * parameters[weight + (row * inputs.Length) + column];
                }
            }
            for (var column = 0; column < inputs.Length && layer > 0; column++)
            {
                previous[column] += skipping[layer][column];
                if (Skipped(layer - 1) is { } skipped)
                    skipping[skipped][column] += previous[column];
                previous[column] *= ReferenceActivation.Slope(shape.Activation, values[layer - 1][column]);
            }
            flowing = previous;
        }
    }

    /// <summary>What each layer gives, and what each layer takes: the embedded coordinate, then the activations.</summary>
    private (double[][] Values, double[][] Activations) Run(double[] parameters, double[] coordinate)
    {
        var (values, activations) = (new List<double[]>(), new List<double[]> { Embed(coordinate) });
        for (var layer = 0; layer < shape.Depth; layer++)
        {
            var (weight, bias, inputs) = (shape.WeightOffset(layer), shape.BiasOffset(layer), activations[^1]);
            var outputs = new double[shape.RowsOf(layer)];
            for (var row = 0; row < outputs.Length; row++)
            {
                outputs[row] = parameters[bias + row];
                for (var column = 0; column < inputs.Length; column++)
                    outputs[row] += parameters[weight + (row * inputs.Length) + column] * inputs[column];
            }
            values.Add(outputs);
            activations.Add([.. outputs.Select((x, i) => ReferenceActivation.Value(shape.Activation, x)
                + (Skipped(layer) is { } skipped ? activations[skipped][i] : 0))]);
        }
        return ([.. values], [.. activations]);
    }

    /// <summary>Which activation, counted with the embedded coordinate as the 0th, is added behind that of a layer.</summary>
    private int? Skipped(int layer) => layer == 0 || layer == shape.Depth - 1 || shape.Skip == SkipKind.None ? null
        : shape.Skip == SkipKind.Residual ? layer
        : 1;

    private double[] Embed(double[] coordinate) =>
    [
        .. coordinate.SelectMany((value, axis) => Enumerable.Range(0, embedding.Levels).SelectMany(level =>
        {
            var angle = embedding switch
            {
                PositionalEmbedding positional => Math.Pow(positional.Base, level) * Math.PI * value,
                GaussianEmbedding gaussian => 2 * Math.PI * gaussian.Frequencies.Span[(axis * gaussian.Levels) + level] * value,
                _ => throw new NotSupportedException(),
            };
            return new[] { Math.Sin(angle), Math.Cos(angle) };
        })),
    ];
}
