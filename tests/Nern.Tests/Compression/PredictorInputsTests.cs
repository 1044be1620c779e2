using Nern.Compression;
using Nern.Engine;
using Nern.Fitting;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Prediction;
using Nern.Predictor;
using Nern.Tests.Fitting;
using Nern.Tests.Prediction;

namespace Nern.Tests.Compression;

public class PredictorInputsTests
{
    public static TheoryData<Activation, SkipKind, int, int> Predictors => new()
    {
        { Activation.Relu, SkipKind.None, 9, 5 },
        { Activation.Sine, SkipKind.Residual, 12, 5 },
        { Activation.Sine, SkipKind.Input, 12, 5 },
        { Activation.Gelu, SkipKind.None, 17, 4 },
        { Activation.Gelu, SkipKind.None, 5, 2 },
    };

    [Theory]
    [MemberData(nameof(Predictors))]
    public void The_moments_of_every_layer_are_those_of_the_reference(Activation activation, SkipKind skip, int hidden, int depth)
    {
        // More kernels than are looked at in a batch.
        using var predictor = new PredictorCase(
            hidden, depth, layers: [new("a", 97, 45, 3, 3), new("b", 7, 5, 1, 1)],
            options: new FitOptions { Predictor = new() { Activation = activation, Skip = skip } });
        var parameters = predictor.Parameters;
        var inputs = predictor.Coordinates.Select(coordinate => predictor.Reference.Inputs(parameters, coordinate)).ToArray();

        AssertMoments(predictor, inputs);
    }

    [Fact]
    public void Of_more_kernels_than_are_looked_at_some_stand_for_all()
    {
        using var predictor = new PredictorCase(4, 3, layers: [new("a", 200, 205, 1, 1)]);
        var coordinates = predictor.Coordinates;
        const int Most = 1 << 15;
        var parameters = predictor.Parameters;
        var inputs = Enumerable.Range(0, Most)
            .Select(i => predictor.Reference.Inputs(parameters, coordinates[(int)((long)i * coordinates.Length / Most)])).ToArray();

        AssertMoments(predictor, inputs);
    }

    [Theory]
    [InlineData(Activation.Relu, SkipKind.None, 1)]
    [InlineData(Activation.Sine, SkipKind.Residual, 2)]
    [InlineData(Activation.Gelu, SkipKind.Input, 3)]
    public void A_predictor_rounded_by_its_inputs_predicts_nearer_to_what_it_was_than_rounded_to_the_nearest(
        Activation activation, SkipKind skip, ulong seed)
    {
        using var subject = new FitCase();
        var options = FitCase.Options with
        {
            Seed = seed,
            Predictor = FitCase.Options.Predictor with
            {
                Hidden = 24,
                Depth = 4,
                EmbeddingLevels = 10,
                Activation = activation,
                Skip = skip,
            },
        };
        var fitted = new Fit(subject.Engine, subject.Network, subject.Inputs(), options).Run().Best;
        var network = new RoundedNetwork(subject.Engine, subject.Network, fitted.Reconstruct(subject.Engine), fitted.Design);
        using var inputs = new PredictorInputs(subject.Engine, fitted.Design!);
        using var plan = new PredictorPlan(subject.Engine, fitted.Design!, Precision.Float32);
        var exact = Predictions(fitted.Parameters.Span);
        network.BeginInSteps(fitted.Parameters.Span, 0.5);
        var nearest = Change(network.Parameters);

        network.RoundByInputs(fitted.Parameters.Span, inputs);

        Assert.InRange(Change(network.Parameters), 0, 0.8 * nearest);
        // They are integers of the same steps, and stay so.
        var rounded = network.Parameters.ToArray();
        network.Write();
        Assert.Equal(rounded, network.Parameters);

        double Change(ReadOnlySpan<float> parameters) =>
            Predictions(parameters).Zip(exact).Sum(pair => Math.Pow(pair.First - pair.Second, 2));

        double[] Predictions(ReadOnlySpan<float> parameters)
        {
            parameters.CopyTo(plan.Parameters);
            plan.ParametersChanged();
            var rows = new float[plan.Kernels * plan.Shape.Outputs];
            plan.PredictAll(rows);
            return PredictorCase.Doubles(rows);
        }
    }

    private static void AssertMoments(PredictorCase predictor, double[][][] inputs)
    {
        using var engine = new CpuEngine();
        using var found = new PredictorInputs(engine, predictor.Design);
        for (var layer = 0; layer < predictor.Design.Shape.Depth; layer++)
        {
            var columns = predictor.Design.Shape.ColumnsOf(layer);
            var expected = new double[columns * columns];
            foreach (var input in inputs)
                for (var i = 0; i < columns; i++)
                    for (var j = 0; j < columns; j++)
                        expected[(i * columns) + j] += input[layer][i] * input[layer][j] / inputs.Length;
            Closeness.AssertClose(expected, found.Moments(predictor.Plan.Parameters, layer), 1e-5, $"moments of layer {layer}");
        }
    }
}
