using Nern.Engine;
using Nern.Fitting;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Predictor;

namespace Nern.Tests.Fitting;

public sealed class FitOptionsTests
{
    private static readonly FitOptions Valid = new() { Steps = 1 };

    [Fact]
    public void The_defaults_are_valid_but_for_the_budget()
    {
        Assert.Same(Valid, Valid.Validate());
        Assert.Equal(
            "A fit needs a budget: a number of steps, of minutes, or both.",
            Assert.Throws<NernException>(() => new FitOptions().Validate()).Message);
        Assert.NotNull(new FitOptions { Minutes = 1 }.Validate());
    }

    [Fact]
    public void A_precision_is_the_one_asked_for_or_the_processor_s_fastest()
    {
        using var engine = new CpuEngine();
        Assert.Equal(Precision.Float32, (Valid with { Precision = Precision.Float32 }).For(engine).Precision);
        var precision = Valid.PrecisionOn(engine);
        Assert.Equal(engine.HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32, precision);
        Assert.Equal(precision, Valid.For(engine).Precision);
    }

    [Theory]
    [InlineData(8, 0.03)]
    [InlineData(160, 0.02)]
    [InlineData(320, 0.01)]
    public void A_learning_rate_that_is_not_given_falls_with_the_hidden_size(int hidden, double expected)
    {
        using var engine = new CpuEngine();
        var options = Valid with { Hidden = hidden };

        Assert.Equal(expected, options.For(engine).LearningRate);
        Assert.Equal(0.5, (options with { LearningRate = 0.5 }).For(engine).LearningRate);
    }

    [Fact]
    public void Every_value_out_of_range_is_refused_by_name()
    {
        Refuses("hidden size", Valid with { Hidden = 0 }, Valid with { Hidden = 16385 });
        Refuses("linear layers", Valid with { Depth = 1 }, Valid with { Depth = 33 });
        Refuses("embedding base", Valid with { EmbeddingBase = 0 }, Valid with { EmbeddingBase = 17 });
        Refuses("embedding base", Valid with { EmbeddingBase = double.NaN });
        foreach (var scale in new[] { -1, double.NaN, 1e7 })
            Refuses(
                "EmbeddingScales", Valid with { EmbeddingScales = new(scale, 1, 1) }, Valid with { EmbeddingScales = new(1, scale, 1) },
                Valid with { EmbeddingScales = new(1, 1, scale) });
        Refuses("levels", Valid with { EmbeddingKind = EmbeddingKind.Gaussian, EmbeddingLevels = -1 });
        Refuses("embedding base", Valid with { EmbeddingKind = EmbeddingKind.Gaussian, EmbeddingBase = double.NaN });
        Refuses("levels", Valid with { EmbeddingLevels = 0 }, Valid with { EmbeddingLevels = 1025 });
        Refuses("Kd", Valid with { Kd = -1 }, Valid with { Kd = double.NaN }, Valid with { Kd = double.PositiveInfinity });
        Refuses("Fmd", Valid with { Fmd = -1 }, Valid with { Fmd = double.NaN }, Valid with { Fmd = double.PositiveInfinity });
        Refuses("Warmup", Valid with { Warmup = -1 });
        Refuses("Kernels", Valid with { Kernels = 0 }, Valid with { Kernels = (1 << 24) + 1 });
        Refuses("Refresh", Valid with { Refresh = 0 }, Valid with { Refresh = 1.1 }, Valid with { Refresh = double.NaN });
        Refuses("UniformProbability", Valid with { UniformProbability = -0.1 }, Valid with { UniformProbability = 1.1 });
        Refuses("LearningRate", Valid with { LearningRate = 0 }, Valid with { LearningRate = 11 });
        Refuses("LearningRate", Valid with { LearningRate = double.NaN });
        Refuses("FinalLearningRate", Valid with { FinalLearningRate = -1 }, Valid with { FinalLearningRate = 11 });
        Refuses("FinalLearningRate", Valid with { LearningRate = 1e-3, FinalLearningRate = 1e-2 });
        Refuses("DistillationLearningRate", Valid with { DistillationLearningRate = 0 });
        Refuses("DistillationLearningRate", Valid with { DistillationLearningRate = double.NaN });
        Refuses("FinalLearningRate", Valid with { DistillationLearningRate = 1e-5, FinalLearningRate = 1e-4 });
        Refuses("WeightDecay", Valid with { WeightDecay = -1 }, Valid with { WeightDecay = 1.5 });
        Refuses("Beta1", Valid with { Beta1 = -0.1 }, Valid with { Beta1 = 1 }, Valid with { Beta1 = double.NaN });
        Refuses("Beta2", Valid with { Beta2 = -0.1 }, Valid with { Beta2 = 1 }, Valid with { Beta2 = double.NaN });
        Refuses("Batch", Valid with { Batch = 0 }, Valid with { Batch = 65537 });
        Refuses("Steps", Valid with { Steps = -1 });
        Refuses("EvaluateEvery", Valid with { EvaluateEvery = -1 });
        Refuses("Minutes", Valid with { Minutes = 0 }, Valid with { Minutes = -1 }, Valid with { Minutes = 1e7 });
        Refuses("Minutes", Valid with { Minutes = double.NaN });

        static void Refuses(string name, params FitOptions[] options)
        {
            foreach (var option in options)
                Assert.Contains(name, Assert.Throws<NernException>(option.Validate).Message);
        }
    }

    [Fact]
    public void Every_choice_that_is_none_is_refused_by_name()
    {
        var choices = typeof(FitOptions).GetProperties()
            .Select(property => (property, type: Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))
            .Where(choice => choice.type.IsEnum).ToArray();
        Assert.NotEmpty(choices);
        foreach (var (property, type) in choices)
        {
            var options = Valid with { };
            property.SetValue(options, Enum.ToObject(type, 77));
            var message = Assert.Throws<NernException>(options.Validate).Message;
            Assert.Equal($"The option {property.Name} must be one of {string.Join(", ", Enum.GetNames(type))}, but is 77.", message);
        }
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Ranger)]
    public void The_optimiser_takes_over_what_is_said_and_keeps_its_own_of_the_rest(OptimizerKind kind)
    {
        var options = Valid with { Optimizer = kind, WeightDecay = 0.01 };
        var (adam, ranger) = (new AdamWOptions { WeightDecay = 0.01 }, new RangerOptions { WeightDecay = 0.01 });

        AssertSteps(adam, ranger, options);
        AssertSteps(adam with { Beta1 = 0.7 }, ranger with { Beta1 = 0.7 }, options with { Beta1 = 0.7 });
        AssertSteps(adam with { Beta2 = 0.9 }, ranger with { Beta2 = 0.9 }, options with { Beta2 = 0.9 });
        AssertSteps(adam, ranger with { CentralizeGradient = false }, options with { CentralizeGradient = false });

        void AssertSteps(AdamWOptions expectedAdam, RangerOptions expectedRanger, FitOptions options)
        {
            ParameterBlock[] blocks = [ParameterBlock.Matrix(0, 3, 5), ParameterBlock.Bias(15, 3)];
            Optimizer expected = kind == OptimizerKind.AdamW ? new AdamW(blocks, expectedAdam) : new Ranger(blocks, expectedRanger);
            var actual = options.CreateOptimizer(blocks);
            var random = new Generator(5);
            float[] first = [.. Enumerable.Range(0, 18).Select(_ => (float)random.NextNormal())];
            float[] second = [.. first];
            for (var step = 0; step < 12; step++)
            {
                float[] gradient = [.. first.Select(_ => (float)random.NextNormal())];
                expected.Step(first, [.. gradient], 0.1f);
                actual.Step(second, gradient, 0.1f);
            }
            Assert.Equal(first, second);
        }
    }

    [Fact]
    public void Messages_say_what_was_expected_and_found() =>
        Assert.Equal(
            "The option Batch must be in [1, 65536], but is 0.", Assert.Throws<NernException>((Valid with { Batch = 0 }).Validate).Message);

    [Fact]
    public void Options_are_kept_by_name()
    {
        var options = Valid with { Hidden = 12, Kd = 0.5, Initialization = Initialization.Matched, Optimizer = OptimizerKind.Ranger };
        var json = options.ToJson();

        Assert.Equal(12, (int)json["hidden"]!);
        Assert.Equal(0.5, (double)json["kd"]!);
        Assert.Equal("matched", (string?)json["initialization"]);
        Assert.Equal("all", (string?)json["layers"]);
        Assert.Equal("ranger", (string?)json["optimizer"]);
        Assert.False(json.ContainsKey("minutes"));
        Assert.False(json.ContainsKey("distills"));
    }
}
