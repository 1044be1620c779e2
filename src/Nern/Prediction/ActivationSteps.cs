using Nern.Engine;
using Nern.Engine.Passes;
using Nern.OneDnn;
using Nern.Predictor;

namespace Nern.Prediction;

/// <summary>Makes the steps of an activation: the library's where it has the function, else passes of our own.</summary>
internal static class ActivationSteps
{
    /// <summary>activation = f(value) + skipped; value and activation may be one memory, and what is skipped may be nothing.</summary>
    internal static Step Forward(CpuEngine engine, Resources owned, Activation kind, Memory value, Memory? skipped, Memory activation)
    {
        if (skipped is null && kind.Function() is { } function)
        {
            var primitive = owned.Own(Primitives.EltwiseForward(engine, function.Kind, value.Descriptor, function.Alpha));
            return new PrimitiveStep(
                "predictor activation", owned.Own(primitive.Bind((Argument.Source, value), (Argument.Destination, activation))));
        }
        return kind switch
        {
            Activation.Relu => Forward<ReluFunction>(value, skipped, activation),
            Activation.Sine => Forward<SineFunction>(value, skipped, activation),
            Activation.Gelu => Forward<GeluFunction>(value, skipped, activation),
            Activation.Silu => Forward<SiluFunction>(value, skipped, activation),
            Activation.LeakyRelu => Forward<LeakyReluFunction>(value, skipped, activation),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>result = gradient f'(value); the result may take the gradient's place.</summary>
    internal static Step Backward(CpuEngine engine, Resources owned, Activation kind, Memory value, Memory gradient, Memory result)
    {
        if (kind.Function() is not { } function)
            return Pass<SineGradient>("predictor activation backward", value, gradient, result);
        var forward = owned.Own(Primitives.EltwiseForward(engine, function.Kind, value.Descriptor, function.Alpha));
        var primitive = owned.Own(Primitives.EltwiseBackward(
            engine, function.Kind, forward, gradient.Descriptor, value.Descriptor, function.Alpha));
        return new PrimitiveStep(
            "predictor activation backward",
            owned.Own(primitive.Bind(
                (Argument.Source, value), (Argument.DestinationGradient, gradient), (Argument.SourceGradient, result))));
    }

    /// <summary>What a product can end with to apply the activation; null for a sine.</summary>
    internal static PostOperations? PostOperation(this Activation kind) =>
        kind.Function() is { } function ? new PostOperations(Function: function.Kind, Alpha: function.Alpha) : null;

    /// <summary>The library's function; it has all but the sine.</summary>
    private static (EltwiseFunction Kind, float Alpha)? Function(this Activation kind) => kind switch
    {
        Activation.Relu => (EltwiseFunction.Relu, 0),
        Activation.LeakyRelu => (EltwiseFunction.Relu, LeakyReluFunction.SlopeBelow),
        Activation.Gelu => (EltwiseFunction.GeluTanh, 0),
        Activation.Silu => (EltwiseFunction.Swish, 1),
        _ => null,
    };

    private static Step Forward<TFunction>(Memory value, Memory? skipped, Memory activation)
        where TFunction : struct, IActivationFunction => skipped is null
            ? Pass<Activated<TFunction>>("predictor activation", value, value, activation)
            : Pass<ActivatedAndAdded<TFunction>>("predictor activation", value, skipped, activation);

    private static Step Pass<TFunction>(string name, Memory value, Memory other, Memory result)
        where TFunction : struct, IElementwiseFunction =>
        value.Descriptor.Type == DataType.BFloat16
            ? new ElementwisePass<TFunction, ushort, BFloat16Element>(name, value, other, result)
            : new ElementwisePass<TFunction, float, Float32Element>(name, value, other, result);
}
