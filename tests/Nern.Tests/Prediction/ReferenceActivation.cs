using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>The activations as they are written, in float64; their slopes by hand, which a test holds against differences.</summary>
internal static class ReferenceActivation
{
    internal static double Value(Activation kind, double x) => kind switch
    {
        Activation.Relu => Math.Max(0, x),
        Activation.Sine => Math.Sin(x),
        Activation.Gelu => x / 2 * (1 + Math.Tanh(Bend(x))),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.LeakyRelu => x > 0 ? x : x / 100,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static double Slope(Activation kind, double x) => kind switch
    {
        Activation.Relu => x > 0 ? 1 : 0,
        Activation.Sine => Math.Cos(x),
        Activation.Gelu => ((1 + Math.Tanh(Bend(x))) / 2)
            + (x / 2 / Math.Pow(Math.Cosh(Bend(x)), 2) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x))),
        Activation.Silu => (1 + (x * (1 - Logistic(x)))) * Logistic(x),
        Activation.LeakyRelu => x > 0 ? 1 : 0.01,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Bend(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));
}
