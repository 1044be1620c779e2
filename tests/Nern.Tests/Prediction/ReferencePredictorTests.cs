using Nern.OneDnn.Tests.References;
using Nern.Predictor;

namespace Nern.Tests.Prediction;

/// <summary>The reference's own gradient is the slope of what it computes.</summary>
public sealed class ReferencePredictorTests
{
    [Theory]
    [InlineData(5, 2)]
    [InlineData(6, 3)]
    [InlineData(4, 5)]
    [InlineData(4, 5, Activation.Sine)]
    [InlineData(5, 3, Activation.Gelu)]
    [InlineData(5, 3, Activation.Silu)]
    [InlineData(4, 4, Activation.LeakyRelu)]
    [InlineData(4, 5, Activation.Sine, SkipKind.Residual)]
    [InlineData(4, 5, Activation.Silu, SkipKind.Input)]
    [InlineData(4, 2, Activation.Relu, SkipKind.Input)]
    public void The_gradient_is_the_slope(int hidden, int depth, Activation activation = Activation.Relu, SkipKind skip = SkipKind.None)
    {
        var random = new Generator(3);
        var shape = new PredictorShape(3 * 2 * 2, hidden, 9, depth) { Activation = activation, Skip = skip };
        var reference = new ReferencePredictor(shape, new PositionalEmbedding(1.3, 2));
        double[] parameters = [.. Enumerable.Range(0, shape.ParameterCount).Select(_ => random.NextNormal())];
        double[] outputGradient = [.. Enumerable.Range(0, 9).Select(_ => random.NextNormal())];
        double[] coordinate = [0.3, 0.7, 0.1];

        var gradient = new double[parameters.Length];
        reference.AddGradient(parameters, coordinate, outputGradient, gradient);

        Closeness.AssertClose(
            CentralDifferences.Of(() => CentralDifferences.Weighed(reference.Predict(parameters, coordinate), outputGradient), parameters),
            gradient, 1e-8);
    }
}
