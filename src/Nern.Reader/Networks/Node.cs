using System.Text.Json.Serialization;

namespace Nern.Networks;

/// <summary>
/// One operation of a <see cref="Graph"/>; it yields one value. A node's parameters are the network's tensors named after it,
/// as PyTorch names them: <c>{Name}.weight</c>, <c>{Name}.bias</c>, <c>{Name}.running_mean</c>, …
/// </summary>
/// <param name="Name">The name, unique in the graph.</param>
/// <param name="Inputs">Indices of the nodes whose values it takes; all smaller than its own.</param>
[JsonDerivedType(typeof(Input), "Input")]
[JsonDerivedType(typeof(Convolution), "Conv")]
[JsonDerivedType(typeof(BatchNorm), "BatchNorm")]
[JsonDerivedType(typeof(Relu), "Relu")]
[JsonDerivedType(typeof(LeakyRelu), "LeakyRelu")]
[JsonDerivedType(typeof(Clip), "Clip")]
[JsonDerivedType(typeof(Sigmoid), "Sigmoid")]
[JsonDerivedType(typeof(HardSwish), "HardSwish")]
[JsonDerivedType(typeof(Silu), "Silu")]
[JsonDerivedType(typeof(ChannelAffine), "ChannelAffine")]
[JsonDerivedType(typeof(Add), "Add")]
[JsonDerivedType(typeof(Multiply), "Multiply")]
[JsonDerivedType(typeof(Concat), "Concat")]
[JsonDerivedType(typeof(Pool), "Pool")]
[JsonDerivedType(typeof(GlobalAveragePool), "GlobalAveragePool")]
[JsonDerivedType(typeof(Flatten), "Flatten")]
[JsonDerivedType(typeof(Gemm), "Gemm")]
[JsonDerivedType(typeof(Subsample), "Subsample")]
[JsonDerivedType(typeof(Slice), "Slice")]
[JsonDerivedType(typeof(Pad), "Pad")]
[JsonDerivedType(typeof(PadChannels), "PadChannels")]
[JsonDerivedType(typeof(ChannelShuffle), "ChannelShuffle")]
public abstract record Node(string Name, IReadOnlyList<int> Inputs)
{
    /// <summary>Suffixes and shapes of the node's parameters, given the shapes of its inputs.</summary>
    internal virtual IEnumerable<(string Suffix, int[] Shape)> Parameters(IReadOnlyList<ImageShape> inputs) => [];

    /// <summary>The shape of the value, or an exception that says what does not fit.</summary>
    internal abstract ImageShape Infer(IReadOnlyList<ImageShape> inputs);

    /// <summary>Whether it can take that many inputs.</summary>
    internal virtual bool Takes(int inputs) => inputs == 1;

    private protected ImageShape WithChannels(ImageShape shape, long channels) =>
        channels <= Array.MaxLength ? shape with { Channels = (int)channels } : throw Mismatch($"yields {channels} channels");

    private protected NernException Mismatch(string what) => new($"Node '{Name}' ({GetType().Name}) {what}.");
}

/// <summary>The images a network is given.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">The shape of one image.</param>
public sealed record Input(string Name, ImageShape Shape) : Node(Name, [])
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Shape is { Channels: > 0, Height: > 0, Width: > 0 } ? Shape : throw Mismatch($"has the impossible shape {Shape}");

    internal override bool Takes(int inputs) => inputs == 0;
}

/// <summary>A 2-D convolution (cross-correlation) with weight [filters, channels / groups, height, width].</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="KernelHeight">Rows of a kernel.</param>
/// <param name="KernelWidth">Columns of a kernel.</param>
/// <param name="Window">Strides, padding and dilation.</param>
/// <param name="Groups">Groups the channels are divided into.</param>
/// <param name="HasBias">Whether a bias [filters] is added.</param>
public sealed record Convolution(
    string Name, IReadOnlyList<int> Inputs, int Filters, int KernelHeight, int KernelWidth, Window Window, int Groups = 1,
    bool HasBias = false)
    : Node(Name, Inputs)
{
    internal override IEnumerable<(string Suffix, int[] Shape)> Parameters(IReadOnlyList<ImageShape> inputs)
    {
        yield return ("weight", [Filters, inputs[0].Channels / Groups, KernelHeight, KernelWidth]);
        if (HasBias)
            yield return ("bias", [Filters]);
    }

    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs)
    {
        if (Filters < 1 || KernelHeight < 1 || KernelWidth < 1 || Groups < 1 || inputs[0].Channels % Groups != 0 || Filters % Groups != 0)
            throw Mismatch($"has {Filters} filters of {KernelHeight}x{KernelWidth} in {Groups} groups, which does not fit {inputs[0]}");
        var (height, width) = Sliding.Infer(inputs[0], KernelHeight, KernelWidth, Window);
        return height > 0 && width > 0 ? new(Filters, height, width) : throw Mismatch($"leaves nothing of {inputs[0]}");
    }
}

/// <summary>Batch normalisation by running mean and variance, then scale and shift.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNorm(string Name, IReadOnlyList<int> Inputs, float Epsilon = 1e-5f) : Node(Name, Inputs)
{
    internal override IEnumerable<(string Suffix, int[] Shape)> Parameters(IReadOnlyList<ImageShape> inputs) =>
        new[] { "weight", "bias", "running_mean", "running_var" }.Select(suffix => (suffix, new[] { inputs[0].Channels }));

    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => inputs[0];
}

/// <summary>weight · x + bias, a factor and a summand a channel.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
public sealed record ChannelAffine(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override IEnumerable<(string Suffix, int[] Shape)> Parameters(IReadOnlyList<ImageShape> inputs) =>
        [("weight", [inputs[0].Channels]), ("bias", [inputs[0].Channels])];

    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => inputs[0];
}

/// <summary>The sum of two values of one shape.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">Two values.</param>
public sealed record Add(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        inputs[0] == inputs[1] ? inputs[0] : throw Mismatch($"cannot add {inputs[0]} and {inputs[1]}");

    internal override bool Takes(int inputs) => inputs == 2;
}

/// <summary>Values joined along the channels.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">Two or more values.</param>
public sealed record Concat(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        inputs.All(i => (i.Height, i.Width) == (inputs[0].Height, inputs[0].Width))
            ? WithChannels(inputs[0], inputs.Sum(i => (long)i.Channels))
            : throw Mismatch($"cannot join {string.Join(" and ", inputs)}");

    internal override bool Takes(int inputs) => inputs > 1;
}

/// <summary>Pooling over a sliding window.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Kind">Maximum or average.</param>
/// <param name="KernelHeight">Rows of the window.</param>
/// <param name="KernelWidth">Columns of the window.</param>
/// <param name="Window">Strides and padding. Rounding the output size up is said by padding more below and on the right.</param>
public sealed record Pool(string Name, IReadOnlyList<int> Inputs, PoolingKind Kind, int KernelHeight, int KernelWidth, Window Window)
    : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs)
    {
        var (height, width) = Sliding.Infer(inputs[0], KernelHeight, KernelWidth, Window);
        return height > 0 && width > 0 ? inputs[0] with { Height = height, Width = width }
            : throw Mismatch($"leaves nothing of {inputs[0]}");
    }
}

/// <summary>The mean over each channel's pixels.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
public sealed record GlobalAveragePool(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => new(inputs[0].Channels, 1, 1);
}

/// <summary>A value as one vector, channels outermost, or innermost as networks have it that take images [N, H, W, C].</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="ChannelsLast">Whether channels are innermost.</param>
public sealed record Flatten(
    string Name, IReadOnlyList<int> Inputs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ChannelsLast = false)
    : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => new(inputs[0].Count, 1, 1);
}

/// <summary>A fully connected layer with weight [outputs, features] and, if it has one, bias [outputs].</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One vector.</param>
/// <param name="Outputs">Outputs.</param>
/// <param name="HasBias">Whether a bias is added.</param>
public sealed record Gemm(string Name, IReadOnlyList<int> Inputs, int Outputs, bool HasBias = true) : Node(Name, Inputs)
{
    internal override IEnumerable<(string Suffix, int[] Shape)> Parameters(IReadOnlyList<ImageShape> inputs)
    {
        yield return ("weight", [Outputs, inputs[0].Count]);
        if (HasBias)
            yield return ("bias", [Outputs]);
    }

    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Outputs > 0 && inputs[0] is { Height: 1, Width: 1 } ? new(Outputs, 1, 1) : throw Mismatch($"needs a vector; got {inputs[0]}");
}

/// <summary>A part of a value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Channels">The channels taken.</param>
/// <param name="Rows">The rows taken.</param>
/// <param name="Columns">The columns taken.</param>
public sealed record Slice(string Name, IReadOnlyList<int> Inputs, Extent Channels, Extent Rows, Extent Columns) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Channels.IsWithin(inputs[0].Channels) && Rows.IsWithin(inputs[0].Height) && Columns.IsWithin(inputs[0].Width)
            ? new(Channels.Count, Rows.Count, Columns.Count)
            : throw Mismatch($"takes what {inputs[0]} does not have");
}

/// <summary>Every n-th row and column, from the first on.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Stride">n.</param>
public sealed record Subsample(string Name, IReadOnlyList<int> Inputs, int Stride) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => Stride > 0
        ? inputs[0] with { Height = ((inputs[0].Height - 1) / Stride) + 1, Width = ((inputs[0].Width - 1) / Stride) + 1 }
        : throw Mismatch($"has the impossible stride {Stride}");
}

/// <summary>Zeros added around the image.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Top">Rows above.</param>
/// <param name="Left">Columns on the left.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Right">Columns on the right.</param>
public sealed record Pad(string Name, IReadOnlyList<int> Inputs, int Top, int Left, int Bottom, int Right) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs)
    {
        var (height, width) = Sliding.Infer(inputs[0], 1, 1, new Window(1, 1, Top, Left, Bottom, Right));
        return height > 0 && width > 0
            ? inputs[0] with { Height = height, Width = width }
            : throw Mismatch($"cannot add {Top} and {Bottom} rows, {Left} and {Right} columns");
    }
}

/// <summary>Zero channels added before and after.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Before">Channels added in front.</param>
/// <param name="After">Channels added behind.</param>
public sealed record PadChannels(string Name, IReadOnlyList<int> Inputs, int Before, int After) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => Before >= 0 && After >= 0
        ? WithChannels(inputs[0], (long)inputs[0].Channels + Before + After)
        : throw Mismatch($"cannot add {Before} and {After} channels");
}
