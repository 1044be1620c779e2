namespace Nern.OneDnn.Tests.References;

/// <summary>Element-wise functions and their derivatives in float64.</summary>
internal static class ReferenceEltwise
{
    /// <summary>Each function with parameters that matter to it.</summary>
    internal static TheoryData<EltwiseFunction, float, float> Cases => new()
    {
        { EltwiseFunction.Relu, 0f, 0f },
        { EltwiseFunction.Relu, 0.125f, 0f },
        { EltwiseFunction.Logistic, 0f, 0f },
        { EltwiseFunction.Clip, -0.25f, 0.5f },
        { EltwiseFunction.HardSwish, 0f, 0f },
        { EltwiseFunction.BoundedRelu, 0.5f, 0f },
        { EltwiseFunction.GeluTanh, 0f, 0f },
        { EltwiseFunction.Swish, 1.5f, 0f },
    };

    internal static double Value(EltwiseFunction function, double x, double alpha, double beta) => function switch
    {
        EltwiseFunction.Relu => x > 0 ? x : alpha * x,
        EltwiseFunction.Logistic => Logistic(x),
        EltwiseFunction.Clip => Math.Clamp(x, alpha, beta),
        EltwiseFunction.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        EltwiseFunction.BoundedRelu => Math.Clamp(x, 0, alpha),
        EltwiseFunction.GeluTanh => x / 2 * (1 + Math.Tanh(GeluArgument(x))),
        EltwiseFunction.Swish => x * Logistic(alpha * x),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    internal static double Slope(EltwiseFunction function, double x, double alpha, double beta) => function switch
    {
        EltwiseFunction.Relu => x > 0 ? 1 : alpha,
        EltwiseFunction.Logistic => Math.Exp(-x) / Math.Pow(1 + Math.Exp(-x), 2),
        EltwiseFunction.Clip => x > alpha && x < beta ? 1 : 0,
        EltwiseFunction.HardSwish => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5,
        EltwiseFunction.BoundedRelu => x > 0 && x < alpha ? 1 : 0,
        EltwiseFunction.GeluTanh => ((1 + Math.Tanh(GeluArgument(x))) / 2)
            + (x / 2 * (1 - Math.Pow(Math.Tanh(GeluArgument(x)), 2)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x))),
        EltwiseFunction.Swish => (1 + (alpha * x * (1 - Logistic(alpha * x)))) * Logistic(alpha * x),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    private static double GeluArgument(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
