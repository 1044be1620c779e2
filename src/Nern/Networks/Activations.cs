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
