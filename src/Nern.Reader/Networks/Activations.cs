namespace Nern.Networks;

/// <summary>max(0, x), or min(max(0, x), ceiling) as in ReLU6.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Ceiling">The largest result, if there is one.</param>
public sealed record Relu(string Name, IReadOnlyList<int> Inputs, float? Ceiling = null) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Ceiling is null or > 0 ? inputs[0] : throw Mismatch($"has the impossible ceiling {Ceiling}");
}

/// <summary>x where it is above 0, else slope · x.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Slope">The slope below 0.</param>
public sealed record LeakyRelu(string Name, IReadOnlyList<int> Inputs, float Slope = 0.01f) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        float.IsFinite(Slope) ? inputs[0] : throw Mismatch($"has the impossible slope {Slope}");
}

/// <summary>x within two bounds.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Minimum">The smallest result.</param>
/// <param name="Maximum">The largest result.</param>
public sealed record Clip(string Name, IReadOnlyList<int> Inputs, float Minimum = float.MinValue, float Maximum = float.MaxValue)
    : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Minimum <= Maximum ? inputs[0] : throw Mismatch($"has the impossible bounds {Minimum} and {Maximum}");
}

/// <summary>1 / (1 + exp(-x)).</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
public sealed record Sigmoid(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => inputs[0];
}

/// <summary>x · min(max(0, x + 3), 6) / 6.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
public sealed record HardSwish(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => inputs[0];
}

/// <summary>x / (1 + exp(-x)).</summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
public sealed record Silu(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => inputs[0];
}

/// <summary>
/// Channels in another order: seen as <paramref name="Groups"/> groups, first the first of each group, then the second of each, …, as
/// ShuffleNets have it.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">One value.</param>
/// <param name="Groups">Groups the channels are divided into.</param>
public sealed record ChannelShuffle(string Name, IReadOnlyList<int> Inputs, int Groups) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) => Groups > 0 && inputs[0].Channels % Groups == 0
        ? inputs[0]
        : throw Mismatch($"cannot divide {inputs[0]} into {Groups} groups");
}

/// <summary>
/// The product of two values. One may have a single channel, row or column where the other has several, and then counts for all of them, as
/// the gates of squeeze-and-excite blocks do.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Inputs">Two values.</param>
public sealed record Multiply(string Name, IReadOnlyList<int> Inputs) : Node(Name, Inputs)
{
    internal override ImageShape Infer(IReadOnlyList<ImageShape> inputs) =>
        Spreads(inputs[1], inputs[0]) ? inputs[0]
        : Spreads(inputs[0], inputs[1]) ? inputs[1]
        : throw Mismatch($"cannot multiply {inputs[0]} and {inputs[1]}");

    internal override bool Takes(int inputs) => inputs == 2;

    private static bool Spreads(ImageShape part, ImageShape whole) =>
        (part.Channels == 1 || part.Channels == whole.Channels) && (part.Height == 1 || part.Height == whole.Height)
        && (part.Width == 1 || part.Width == whole.Width);
}
