using Nern.Networks;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Engine.Reference;

/// <summary>The functions of a graph that are applied element by element, in float64.</summary>
internal static class ReferenceFunction
{
    internal static bool Is(Node node) => node is Relu or LeakyRelu or Clip or Sigmoid or HardSwish or Silu;

    internal static double Value(Node node, double x) => node switch
    {
        Relu relu => Math.Min(Math.Max(0, x), relu.Ceiling ?? double.PositiveInfinity),
        LeakyRelu leaky => x > 0 ? x : leaky.Slope * x,
        Clip clip => Math.Clamp(x, clip.Minimum, clip.Maximum),
        Sigmoid => 1 / (1 + Math.Exp(-x)),
        HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        Silu => x / (1 + Math.Exp(-x)),
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    internal static double Slope(Node node, double x) => node switch
    {
        Relu relu => x > 0 && !(x >= relu.Ceiling) ? 1 : 0,
        LeakyRelu leaky => x > 0 ? 1 : leaky.Slope,
        Clip clip => x > clip.Minimum && x < clip.Maximum ? 1 : 0,
        Sigmoid => Math.Exp(-x) / Math.Pow(1 + Math.Exp(-x), 2),
        HardSwish => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5,
        Silu => (1 + Math.Exp(-x) + (x * Math.Exp(-x))) / Math.Pow(1 + Math.Exp(-x), 2),
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    /// <summary>
    /// Whether all that functions are applied to is further than <paramref name="margin"/>, relative to the largest value, from where
    /// their slopes jump: nearer to it rounding may put a value on the other side, and then gradients differ by a whole term. What is
    /// exactly there, as zeros around an image are, is not rounded.
    /// </summary>
    internal static bool IsSmooth(Graph graph, Volume[] values, double margin) => graph.Nodes.All(node =>
    {
        var jumps = Jumps(node).ToArray();
        if (jumps.Length == 0)
            return true;
        var map = values[node.Inputs[0]].Values;
        var least = margin * map.Max(Math.Abs);
        return map.All(value => jumps.All(jump => value == jump || Math.Abs(value - jump) >= least));
    });

    private static IEnumerable<double> Jumps(Node node) => node switch
    {
        Relu { Ceiling: { } ceiling } => [0, ceiling],
        Relu or LeakyRelu => [0],
        Clip clip => [clip.Minimum, clip.Maximum],
        HardSwish => [-3, 3],
        _ => [],
    };
}
