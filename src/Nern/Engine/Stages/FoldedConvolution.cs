using Nern.Networks;
using Window = Nern.Networks.Window;

namespace Nern.Engine.Stages;

/// <summary>
/// A convolution as it is run: with the batch normalisation or the factors behind it folded in, or made up to do in one sweep, and
/// exactly, what is no convolution by itself.
/// </summary>
/// <param name="Node">Its form.</param>
/// <param name="Weights">Weights, row-major.</param>
/// <param name="Scales">A factor a filter.</param>
/// <param name="Bias">A term a filter.</param>
/// <param name="KeepsType">Whether vectors that are float32 in any plan stay so.</param>
internal sealed record FoldedConvolution(Convolution Node, float[] Weights, float[] Scales, float[] Bias, bool KeepsType = false)
{
    /// <summary>
    /// A convolution of the network, and what follows it: a <see cref="BatchNorm"/>, a <see cref="ChannelAffine"/> or nothing.
    /// </summary>
    internal static FoldedConvolution Of(Network network, Convolution node, Node? norm)
    {
        var (scales, bias) = ConvolutionWeights.Fold(network, node, norm);
        return new(node, network.Values($"{node.Name}.weight"), scales, bias);
    }

    /// <summary>A normalisation, or factors, that follow no convolution: a 1x1 kernel a channel.</summary>
    internal static FoldedConvolution Of(Network network, Node norm)
    {
        var channels = network.Graph.ShapeOf(norm.Inputs[0]).Channels;
        var node = new Convolution(norm.Name, norm.Inputs, channels, 1, 1, Window.Square(1, 0), Groups: channels);
        // It has no bias, though what it stands for has one of that name.
        var (scales, bias) = ConvolutionWeights.Fold(network, node, norm);
        return new(node, Ones(channels), scales, bias, KeepsType: true);
    }

    /// <summary>
    /// Every <paramref name="stride"/>-th row and column, with channels of zeros before and after: a convolution with ones and zeros.
    /// </summary>
    internal static FoldedConvolution Selecting(string name, int input, int channels, int stride, int before, int after)
    {
        var filters = before + channels + after;
        var weights = new float[filters * channels];
        for (var channel = 0; channel < channels; channel++)
            weights[((before + channel) * channels) + channel] = 1;
        var node = new Convolution(name, [input], filters, 1, 1, Window.Square(stride, 0));
        return new(node, weights, Ones(filters), new float[filters], KeepsType: true);
    }

    /// <summary>Factors that change nothing.</summary>
    internal static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
