using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>An activation, sixteen values at a time.</summary>
internal interface IActivationFunction
{
    /// <summary>f(x).</summary>
    static abstract Vector512<float> Value(Vector512<float> x);
}

/// <summary><see cref="Activation.Relu"/>.</summary>
internal readonly struct ReluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);
}

/// <summary><see cref="Activation.Sine"/>.</summary>
internal readonly struct SineFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512.Sin(x);
}

/// <summary><see cref="Activation.Silu"/>: x s with s = 1 / (1 + exp(-x)).</summary>
internal readonly struct SiluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * Logistic(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Logistic(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));
}

/// <summary><see cref="Activation.Gelu"/>: (1 + tanh(y)) / 2 is the logistic function of 2 y.</summary>
internal readonly struct GeluFunction : IActivationFunction
{
    // 2 sqrt(2 / pi), and that times 0.044715.
    private const float Linear = 1.5957691f;
    private const float Cubic = 0.071354814f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * SiluFunction.Logistic(x * (Vector512.Create(Linear) + (x * x * Cubic)));
}

/// <summary><see cref="Activation.LeakyRelu"/>.</summary>
internal readonly struct LeakyReluFunction : IActivationFunction
{
    internal const float SlopeBelow = 0.01f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, x * SlopeBelow);
}
