using Nern.Networks;

namespace Nern.Onnx.Operators;

/// <summary>Functions of one value that exporters write as its product with a gate made of it: SiLU and HardSwish.</summary>
internal static class Gates
{
    private const float Tolerance = 1e-5f;

    /// <summary>The function that the product of two values is, or null if it is none.</summary>
    internal static Node? Gated(OnnxImport import, string name, int first, int second) =>
        Gated(import, name, (first, second)) ?? Gated(import, name, (second, first));

    /// <summary>The function that the product of a value and its gate is once divided by 6, or null if it is none.</summary>
    internal static Node? Divided(OnnxImport import, string name, int product, double factor)
    {
        if (!IsClose(factor, 1 / 6.0) || import.NodeAt(product) is not Multiply { Inputs: [var first, var second] })
            return null;
        var value = SixOf(import, second) == first ? first : SixOf(import, first) == second ? second : (int?)null;
        return value is { } of ? new HardSwish(name, [of]) : null;
    }

    private static Node? Gated(OnnxImport import, string name, (int Value, int Gate) product) => import.NodeAt(product.Gate) switch
    {
        Sigmoid { Inputs: [var of] } when of == product.Value => new Silu(name, [of]),
        // min(max(0, x / 6 + 1 / 2), 1)
        Clip { Minimum: 0, Maximum: 1 } or Relu { Ceiling: 1 } when import.NodeAt(product.Gate).Inputs is [var inner]
            && Affine(import, inner, 1 / 6.0, 0.5) == product.Value => new HardSwish(name, [product.Value]),
        // min(max(0, x + 3), 6) / 6
        ChannelAffine { Inputs: [var inner] } when Affine(import, product.Gate, 1 / 6.0, 0) is not null
            && SixOf(import, inner) == product.Value => new HardSwish(name, [product.Value]),
        _ => null,
    };

    /// <summary>x where a node yields min(max(0, x + 3), 6).</summary>
    private static int? SixOf(OnnxImport import, int node) =>
        import.NodeAt(node) is Relu { Ceiling: 6, Inputs: [var inner] } ? Affine(import, inner, 1, 3) : null;

    /// <summary>x where a node yields factor · x + summand.</summary>
    private static int? Affine(OnnxImport import, int node, double factor, double summand) =>
        import.NodeAt(node) is ChannelAffine { Inputs: [var of] } affine
        && import.Parameter($"{affine.Name}.weight").All(value => IsClose(value, factor))
        && import.Parameter($"{affine.Name}.bias").All(value => IsClose(value, summand))
            ? of
            : null;

    private static bool IsClose(double value, double expected) => Math.Abs(value - expected) <= Tolerance;
}
