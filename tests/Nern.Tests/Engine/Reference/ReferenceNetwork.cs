using Nern.Engine.Stages;
using Nern.Networks;
using Nern.OneDnn.Tests.References;
using PoolingKind = Nern.OneDnn.PoolingKind;
using Window = Nern.OneDnn.Window;

namespace Nern.Tests.Engine.Reference;

/// <summary>
/// Runs any graph forward and backward in float64, node by node, with nothing fused; batch normalisation as in inference or,
/// where it <paramref name="trains"/>, by the statistics of the batch.
/// </summary>
internal sealed class ReferenceNetwork(Graph graph, IReadOnlyDictionary<string, double[]> parameters, bool trains = false)
{
    /// <summary>Takes the parameters of <paramref name="network"/>.</summary>
    internal ReferenceNetwork(Network network, bool trains = false)
        : this(
            network.Graph,
            network.Graph.Parameters.ToDictionary(p => p.Name, p => network.Values(p.Name).Select(value => (double)value).ToArray()),
            trains)
    {
    }

    /// <summary>By name; the arrays may be changed between runs.</summary>
    internal IReadOnlyDictionary<string, double[]> Parameters { get; } = parameters;

    /// <summary>The value of every node.</summary>
    internal Volume[] Forward(Volume images)
    {
        var values = new Volume[graph.Nodes.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Evaluate(graph.Nodes[i], [.. graph.Nodes[i].Inputs.Select(input => values[input])], images);
        return values;
    }

    /// <summary>The gradients of all parameters, by their names.</summary>
    /// <param name="values">What <see cref="Forward"/> returned.</param>
    /// <param name="logitGradient">The gradient of the loss with respect to the last value.</param>
    /// <param name="extra">Terms to add to the gradients of some nodes' values.</param>
    internal Dictionary<string, double[]> Backward(Volume[] values, double[] logitGradient, IReadOnlyDictionary<int, double[]> extra)
    {
        var gradients = values.Select(value => value.Like()).ToArray();
        Accumulate(gradients[^1], logitGradient);
        foreach (var (node, term) in extra)
            Accumulate(gradients[node], term);
        var parameters = new Dictionary<string, double[]>();
        for (var i = values.Length - 1; i > 0; i--)
        {
            var node = graph.Nodes[i];
            Volume[] inputs = [.. node.Inputs.Select(input => values[input])];
            foreach (var (position, gradient) in InputGradients(node, inputs, gradients[i]).Index())
                Accumulate(gradients[node.Inputs[position]], gradient.Values);
            foreach (var (suffix, gradient) in ParameterGradients(node, inputs, gradients[i]))
                parameters[$"{node.Name}.{suffix}"] = gradient;
        }
        return parameters;
    }

    private Volume Evaluate(Node node, Volume[] inputs, Volume images) => node switch
    {
        Input => images,
        Convolution c => ReferenceConvolution.Forward(
            inputs[0], Weights(c), c.HasBias ? Parameters[$"{c.Name}.bias"] : null, c.Window.ForLibrary(), c.Groups),
        BatchNorm norm => Normalize(norm, inputs[0]),
        ChannelAffine affine => Scaled(inputs[0], Of(affine, "weight"), Of(affine, "bias")),
        _ when ReferenceFunction.Is(node) => inputs[0].With([.. inputs[0].Values.Select(x => ReferenceFunction.Value(node, x))]),
        Add => inputs[0].With([.. inputs[0].Values.Zip(inputs[1].Values, (x, y) => x + y)]),
        Multiply => ReferenceProduct.Forward(inputs[0], inputs[1]),
        ChannelShuffle shuffle => Shuffled(inputs[0], shuffle.Groups),
        Concat => Join(inputs),
        Pool pool =>
            ReferencePooling.Forward(inputs[0], pool.Kind.ForLibrary(), pool.KernelHeight, pool.KernelWidth, pool.Window.ForLibrary()),
        GlobalAveragePool => ReferencePooling.Forward(
            inputs[0], PoolingKind.AverageWithPadding, inputs[0].Height, inputs[0].Width, Window.Square(1, 0)),
        Flatten flatten => new Volume(
            inputs[0].Samples, inputs[0].Values.Length / inputs[0].Samples, 1, 1,
            [.. Order(inputs[0], flatten).Select(i => inputs[0].Values[i])]),
        Gemm gemm => ReferenceConvolution.Forward(
            inputs[0], Weights(gemm, inputs[0]), gemm.HasBias ? Parameters[$"{gemm.Name}.bias"] : null, Window.Square(1, 0)),
        Slice slice => Part(inputs[0], new(inputs[0].Samples, slice.Channels.Count, slice.Rows.Count, slice.Columns.Count), slice),
        Pad pad => Surrounded(inputs[0], pad),
        Subsample sample => Place(inputs[0], Sampled(inputs[0], sample.Stride), sample.Stride, 0),
        PadChannels pad => Place(inputs[0], Padded(inputs[0], pad), 1, pad.Before),
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private Volume[] InputGradients(Node node, Volume[] inputs, Volume gradient) => node switch
    {
        Convolution c => [ReferenceConvolution.BackwardData(inputs[0], Weights(c), gradient, c.Window.ForLibrary(), c.Groups)],
        BatchNorm norm => [Gradients(norm, inputs[0], gradient).Source],
        ChannelAffine affine => [Scaled(gradient, Of(affine, "weight"), null)],
        _ when ReferenceFunction.Is(node) =>
            [gradient.With([.. gradient.Values.Zip(inputs[0].Values, (g, x) => g * ReferenceFunction.Slope(node, x))])],
        Add => [gradient, gradient],
        Multiply => ReferenceProduct.Backward(inputs[0], inputs[1], gradient),
        // The other way round is a shuffle too.
        ChannelShuffle shuffle => [Shuffled(gradient, gradient.Channels / shuffle.Groups)],
        Concat => Split(inputs, gradient),
        Pool pool =>
            [ReferencePooling.Backward(inputs[0], gradient, pool.Kind.ForLibrary(), pool.KernelHeight, pool.KernelWidth,
                pool.Window.ForLibrary())],
        GlobalAveragePool =>
        [
            ReferencePooling.Backward(
                inputs[0], gradient, PoolingKind.AverageWithPadding, inputs[0].Height, inputs[0].Width, Window.Square(1, 0)),
        ],
        Flatten flatten =>
            [inputs[0].With([.. Order(inputs[0], flatten).Zip(gradient.Values).OrderBy(place => place.First)
                .Select(place => place.Second)])],
        Gemm gemm => [ReferenceConvolution.BackwardData(inputs[0], Weights(gemm, inputs[0]), gradient, Window.Square(1, 0))],
        Slice slice => [PartBack(inputs[0].Like(), gradient, slice)],
        Pad pad => [Part(gradient, inputs[0].Like(), Inside(inputs[0], pad))],
        Subsample sample => [TakeBack(inputs[0].Like(), gradient, sample.Stride, 0)],
        PadChannels pad => [TakeBack(inputs[0].Like(), gradient, 1, pad.Before)],
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private IEnumerable<(string Suffix, double[] Gradient)> ParameterGradients(Node node, Volume[] inputs, Volume gradient)
    {
        if (node is Convolution c)
            yield return ("weight", ReferenceConvolution.BackwardWeights(
                inputs[0], Weights(c), gradient, c.Window.ForLibrary(), c.Groups).Values);
        if (node is Gemm gemm)
            yield return ("weight", ReferenceConvolution.BackwardWeights(
                inputs[0], Weights(gemm, inputs[0]), gradient, Window.Square(1, 0)).Values);
        if (node is Convolution { HasBias: true } or Gemm { HasBias: true })
            yield return ("bias", ReferenceConvolution.BackwardBias(gradient));
        if (node is BatchNorm norm)
        {
            var (_, scale, shift) = Gradients(norm, inputs[0], gradient);
            yield return ("weight", scale);
            yield return ("bias", shift);
        }
    }

    private Volume Normalize(BatchNorm norm, Volume input)
    {
        var (mean, variance) = Statistics(norm, input);
        return ReferenceBatchNormalization.Forward(input, mean, variance, Of(norm, "weight"), Of(norm, "bias"), norm.Epsilon);
    }

    private (Volume Source, double[] Scale, double[] Shift) Gradients(BatchNorm norm, Volume input, Volume gradient)
    {
        var (mean, variance) = Statistics(norm, input);
        return ReferenceBatchNormalization.Backward(
            input, gradient, mean, variance, Of(norm, "weight"), norm.Epsilon, fromBatch: trains);
    }

    private (double[] Mean, double[] Variance) Statistics(BatchNorm norm, Volume input) => trains
        ? ReferenceBatchNormalization.Statistics(input)
        : (Of(norm, "running_mean"), Of(norm, "running_var"));

    private static Volume Scaled(Volume input, double[] factors, double[]? summands)
    {
        var size = input.Height * input.Width;
        return input.With([.. input.Values.Select((x, i) =>
            (x * factors[i / size % factors.Length]) + (summands?[i / size % factors.Length] ?? 0))]);
    }

    private double[] Of(Node norm, string suffix) => Parameters[$"{norm.Name}.{suffix}"];

    private Volume Weights(Convolution c)
    {
        var values = Parameters[$"{c.Name}.weight"];
        return new(c.Filters, values.Length / (c.Filters * c.KernelHeight * c.KernelWidth), c.KernelHeight, c.KernelWidth, values);
    }

    /// <summary>A fully connected layer is a convolution of a 1x1 image.</summary>
    private Volume Weights(Gemm gemm, Volume input) => new(gemm.Outputs, input.Channels, 1, 1, Parameters[$"{gemm.Name}.weight"]);

    private static Volume Sampled(Volume input, int stride) =>
        new(input.Samples, input.Channels, (input.Height + stride - 1) / stride, (input.Width + stride - 1) / stride);

    private static Volume Padded(Volume input, PadChannels pad) =>
        new(input.Samples, pad.Before + input.Channels + pad.After, input.Height, input.Width);

    /// <summary>Copies every <paramref name="stride"/>-th row and column into <paramref name="output"/>, from a channel on.</summary>
    private static Volume Place(Volume input, Volume output, int stride, int channel)
    {
        ForEachPlace(input, stride, (n, c, y, x) => output[n, c + channel, y, x] = input[n, c, y * stride, x * stride]);
        return output;
    }

    /// <summary>The reverse of <see cref="Place"/>.</summary>
    private static Volume TakeBack(Volume input, Volume output, int stride, int channel)
    {
        ForEachPlace(input, stride, (n, c, y, x) => input[n, c, y * stride, x * stride] = output[n, c + channel, y, x]);
        return input;
    }

    private static void ForEachPlace(Volume input, int stride, Action<int, int, int, int> copy)
    {
        for (var n = 0; n < input.Samples; n++)
            for (var c = 0; c < input.Channels; c++)
                for (var y = 0; y * stride < input.Height; y++)
                    for (var x = 0; x * stride < input.Width; x++)
                        copy(n, c, y, x);
    }

    private static Volume Surrounded(Volume input, Pad pad) => PartBack(
        new(input.Samples, input.Channels, pad.Top + input.Height + pad.Bottom, pad.Left + input.Width + pad.Right), input,
        Inside(input, pad));

    /// <summary>The part that padding leaves of what it yields.</summary>
    private static Slice Inside(Volume input, Pad pad) =>
        new("", [], new(0, input.Channels), new(pad.Top, input.Height), new(pad.Left, input.Width));

    private static Volume Part(Volume whole, Volume part, Slice slice)
    {
        ForEachPlace(part, 1, (n, c, y, x) => part[n, c, y, x] = whole[n, At(slice.Channels, c), At(slice.Rows, y), At(slice.Columns, x)]);
        return part;
    }

    private static Volume PartBack(Volume whole, Volume part, Slice slice)
    {
        ForEachPlace(part, 1, (n, c, y, x) => whole[n, At(slice.Channels, c), At(slice.Rows, y), At(slice.Columns, x)] = part[n, c, y, x]);
        return whole;
    }

    private static int At(Extent extent, int place) => extent.Start + (place * extent.Step);

    /// <summary>Where each element of the flat vectors is in the map.</summary>
    private static IEnumerable<int> Order(Volume map, Flatten flatten)
    {
        var (size, count) = (map.Height * map.Width, map.Channels * map.Height * map.Width);
        return Enumerable.Range(0, map.Values.Length).Select(i => flatten.ChannelsLast
            ? (i / count * count) + (i % map.Channels * size) + (i % count / map.Channels)
            : i);
    }

    private static Volume Shuffled(Volume input, int groups)
    {
        var (result, size) = (input.Like(), input.Channels / groups);
        ForEachPlace(input, 1, (n, c, y, x) => result[n, (c % size * groups) + (c / size), y, x] = input[n, c, y, x]);
        return result;
    }

    private static Volume Join(Volume[] inputs)
    {
        var result = new Volume(inputs[0].Samples, inputs.Sum(input => input.Channels), inputs[0].Height, inputs[0].Width);
        var first = 0;
        foreach (var input in inputs)
        {
            Place(input, result, 1, first);
            first += input.Channels;
        }
        return result;
    }

    private static Volume[] Split(Volume[] inputs, Volume gradient)
    {
        var first = 0;
        return [.. inputs.Select(input =>
        {
            var part = TakeBack(input.Like(), gradient, 1, first);
            first += input.Channels;
            return part;
        })];
    }

    private static void Accumulate(Volume sum, double[] terms)
    {
        for (var i = 0; i < terms.Length; i++)
            sum.Values[i] += terms[i];
    }
}
