using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;

namespace Nern.Representation.Passes;

/// <summary>Makes the passes of an activation for the element type of the memory they work on.</summary>
internal static class ActivationSteps
{
    /// <summary>activation = f(value) + skipped.</summary>
    internal static Step Forward(Activation kind, Memory value, Memory? skipped, Memory activation) => kind switch
    {
        Activation.Relu => Forward<ReluFunction>(value, skipped, activation),
        Activation.Sine => Forward<SineFunction>(value, skipped, activation),
        Activation.Gelu => Forward<GeluFunction>(value, skipped, activation),
        Activation.Silu => Forward<SiluFunction>(value, skipped, activation),
        Activation.LeakyRelu => Forward<LeakyReluFunction>(value, skipped, activation),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>result = gradient f'(value), float32.</summary>
    internal static Step Backward(Activation kind, Memory value, Memory gradient, Memory result) => kind switch
    {
        Activation.Relu => new ActivationBackwardPass<ReluFunction>(value, gradient, result),
        Activation.Sine => new ActivationBackwardPass<SineFunction>(value, gradient, result),
        Activation.Gelu => new ActivationBackwardPass<GeluFunction>(value, gradient, result),
        Activation.Silu => new ActivationBackwardPass<SiluFunction>(value, gradient, result),
        Activation.LeakyRelu => new ActivationBackwardPass<LeakyReluFunction>(value, gradient, result),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Step Forward<TFunction>(Memory value, Memory? skipped, Memory activation)
        where TFunction : struct, IActivationFunction =>
        value.Descriptor.Type == DataType.BFloat16
            ? new ActivationPass<TFunction, ushort, BFloat16Element>(value, skipped, activation)
            : new ActivationPass<TFunction, float, Float32Element>(value, skipped, activation);
}
