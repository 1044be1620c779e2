using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Representation.Passes;

/// <summary>Makes the passes of an activation for the element type of the memory they work on.</summary>
internal static class ActivationSteps
{
    /// <summary>activation = f(value).</summary>
    internal static Step Forward(Activation kind, Memory value, Memory activation) => kind switch
    {
        Activation.Relu => Forward<ReluFunction>(value, activation),
        Activation.Sine => Forward<SineFunction>(value, activation),
        Activation.Gelu => Forward<GeluFunction>(value, activation),
        Activation.Silu => Forward<SiluFunction>(value, activation),
        Activation.LeakyRelu => Forward<LeakyReluFunction>(value, activation),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>gradient = gradient f'(value), float32.</summary>
    internal static Step Backward(Activation kind, Memory value, Memory gradient) => kind switch
    {
        Activation.Relu => new ActivationBackwardPass<ReluFunction>(value, gradient),
        Activation.Sine => new ActivationBackwardPass<SineFunction>(value, gradient),
        Activation.Gelu => new ActivationBackwardPass<GeluFunction>(value, gradient),
        Activation.Silu => new ActivationBackwardPass<SiluFunction>(value, gradient),
        Activation.LeakyRelu => new ActivationBackwardPass<LeakyReluFunction>(value, gradient),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Step Forward<TFunction>(Memory value, Memory activation) where TFunction : struct, IActivationFunction =>
        value.Descriptor.Type == DataType.BFloat16
            ? new ActivationPass<TFunction, ushort, BFloat16Element>(value, activation)
            : new ActivationPass<TFunction, float, Float32Element>(value, activation);
}
