using Nern.Engine;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Optimizers;
using Nern.Options;
using Nern.Predictor;

namespace Nern.Tests.Fitting;

public sealed class FitOptionsTests
{
    private static readonly FitOptions Valid = new() { Budget = new() { Steps = 1 } };

    private static readonly Graph Graph = CifarResNet.Build(8);

    [Fact]
    public void The_defaults_are_valid_but_for_the_budget()
    {
        Assert.Same(Valid, Valid.Validate());
        Assert.Equal(
            "A fit needs a budget: a number of steps, of minutes, or both.",
            Assert.Throws<NernException>(() => new FitOptions().Validate()).Message);
        Assert.NotNull(new FitOptions { Budget = new() { Minutes = 1 } }.Validate());
    }

    [Fact]
    public void A_precision_is_the_one_asked_for_or_the_processor_s_fastest()
    {
        using var engine = new CpuEngine();
        Assert.Equal(Precision.Float32, (Valid with { Precision = Precision.Float32 }).For(engine, Graph).Precision);
        var precision = Valid.PrecisionOn(engine);
        Assert.Equal(engine.HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32, precision);
        Assert.Equal(precision, Valid.For(engine, Graph).Precision);
    }

    [Theory]
    [InlineData(8, 0.03)]
    [InlineData(160, 0.02)]
    [InlineData(320, 0.01)]
    public void A_learning_rate_that_is_not_given_falls_with_the_hidden_size(int hidden, double expected)
    {
        using var engine = new CpuEngine();
        var options = Valid with { Predictor = Valid.Predictor with { Hidden = hidden } };

        Assert.Equal(expected, options.For(engine, Graph).Optimizer.LearningRate);
        Assert.Equal(0.5, (options with { Optimizer = options.Optimizer with { LearningRate = 0.5 } }).For(engine, Graph).Optimizer.LearningRate);
    }

    [Theory]
    [InlineData(1, 3e-4)]
    [InlineData(0.1, 3e-5)]
    [InlineData(0.001, 3e-6)]
    public void Distillation_takes_smaller_steps_where_it_sees_later_what_they_do(double refresh, double expected)
    {
        using var engine = new CpuEngine();
        var options = Valid with { Sampling = Valid.Sampling with { Refresh = refresh } };

        Assert.Equal(expected, options.For(engine, Graph).Optimizer.DistillationLearningRate!.Value, 1e-12);
        Assert.Equal(0.5, (options with { Optimizer = options.Optimizer with { DistillationLearningRate = 0.5 } })
            .For(engine, Graph).Optimizer.DistillationLearningRate);
    }

    [Theory]
    [InlineData(true, 0L, null, 3e-4)]
    [InlineData(true, 0L, 0.5, 0.5)]
    [InlineData(true, 1L, null, 0.02)]
    [InlineData(true, null, null, 0.02)]
    [InlineData(false, 0L, null, 0.02)]
    public void What_another_fit_found_is_distilled_at_the_rate_of_distillation(bool isBegun, long? warmup, double? given, double expected)
    {
        using var engine = new CpuEngine();
        var options = Valid with
        {
            Predictor = Valid.Predictor with { Hidden = 160 },
            Objective = Valid.Objective with { Warmup = warmup },
            Optimizer = Valid.Optimizer with { LearningRate = given },
        };

        Assert.Equal(expected, options.For(engine, Graph, isBegun).Optimizer.LearningRate!.Value, 1e-12);
    }

    [Theory]
    [InlineData(16, 64, 1.16)]
    [InlineData(64, 16, 1.16)]
    [InlineData(640, 16, 1.2305)]
    [InlineData(16, 1000, 1.2447)]
    public void The_highest_frequency_grows_with_the_largest_layer(int filters, int channels, double expected)
    {
        using var engine = new CpuEngine();
        var graph = new Graph([new Input("input", new ImageShape(channels, 1, 1)), new Convolution("conv", [0], filters, 1, 1, Nern.Networks.Window.Square(1, 0))]);
        var options = Valid with { Predictor = new() { KernelReading = KernelReading.Middle } };

        Assert.Equal(expected, options.For(engine, graph).Predictor.EmbeddingBase!.Value, 1e-4);
        // Of two frequencies one is left to grow; of one none is.
        Assert.Equal(Math.Min(16, 1.16 * Math.Max(1, Math.Max(filters, channels) / 64.0)), With(2).EmbeddingBase!.Value, 1e-12);
        Assert.InRange(With(1).EmbeddingBase!.Value, 1.16, 16);
        Assert.Equal(1.5, (options with { Predictor = options.Predictor with { EmbeddingBase = 1.5 } }).For(engine, graph).Predictor.EmbeddingBase);
        Assert.Null((options with { Predictor = options.Predictor with { EmbeddingKind = EmbeddingKind.Gaussian } }).For(engine, graph)
            .Predictor.EmbeddingBase);

        PredictorOptions With(int levels) =>
            (options with { Predictor = options.Predictor with { EmbeddingLevels = levels } }).For(engine, graph).Predictor;
    }

    [Theory]
    [InlineData(20, OptimizerKind.AdamW)]
    [InlineData(56, OptimizerKind.Muon)]
    public void Many_kernels_move_by_Muon_unless_it_is_said_otherwise(int depth, OptimizerKind expected)
    {
        using var engine = new CpuEngine();
        Assert.Equal(expected, Decided(null));
        Assert.Equal(OptimizerKind.AdamW, Decided(OptimizerKind.AdamW));
        Assert.Equal(OptimizerKind.Muon, Decided(OptimizerKind.Muon));

        OptimizerKind? Decided(OptimizerKind? kind) =>
            (Valid with { Optimizer = Valid.Optimizer with { Kind = kind } }).For(engine, CifarResNet.Build(depth)).Optimizer.Kind;
    }

    [Theory]
    [InlineData(20, null, 0.02)]
    [InlineData(20, OptimizerKind.Muon, 0.02)]
    [InlineData(56, null, 0.01)]
    [InlineData(56, OptimizerKind.AdamW, 0.02)]
    public void Muon_moves_many_kernels_half_as_far(int depth, OptimizerKind? kind, double expected)
    {
        using var engine = new CpuEngine();
        Assert.Equal(expected, Decided(null), 1e-12);
        Assert.Equal(1e-3, Decided(1e-3));

        double Decided(double? rate) => (Valid with { Optimizer = Valid.Optimizer with { Kind = kind, LearningRate = rate } })
            .For(engine, CifarResNet.Build(depth)).Optimizer.LearningRate!.Value;
    }

    [Theory]
    [InlineData("Hidden", 0, 16385)]
    [InlineData("Depth", 1, 33)]
    [InlineData("EmbeddingBase", 0.0, 17.0, double.NaN)]
    [InlineData("EmbeddingLevels", -1, 0, 1025)]
    [InlineData("Reconstruction", -1.0, double.NaN, double.PositiveInfinity)]
    [InlineData("Kd", -1.0, double.NaN, double.PositiveInfinity)]
    [InlineData("Fmd", -1.0, double.NaN, double.PositiveInfinity)]
    [InlineData("Warmup", -1L)]
    [InlineData("Kernels", 0, (1 << 24) + 1)]
    [InlineData("Refresh", 0.0, 1.1, double.NaN)]
    [InlineData("UniformProbability", -0.1, 1.1)]
    [InlineData("LearningRate", 0.0, 11.0, double.NaN)]
    [InlineData("FinalLearningRate", -1.0, 11.0, 4e-4)]
    [InlineData("DistillationLearningRate", 0.0, double.NaN)]
    [InlineData("DecayFrom", -0.1, 1.1)]
    [InlineData("Plateau", -0.1, 1.0)]
    [InlineData("WeightDecay", -1.0, 1.5)]
    [InlineData("Averaging", -0.1, 1.0)]
    [InlineData("Beta1", -0.1, 1.0, double.NaN)]
    [InlineData("Beta2", -0.1, 1.0, double.NaN)]
    [InlineData("Batch", 0, 65537)]
    [InlineData("Rounds", 0, 1001)]
    [InlineData("Steps", -1L)]
    [InlineData("EvaluateEvery", -1L)]
    [InlineData("Minutes", 0.0, -1.0, 1e7, double.NaN)]
    public void Every_number_out_of_range_is_refused_by_name(string name, params object[] values) => Assert.All(
        values, value => Assert.StartsWith(
            $"The option {name} takes a number", Assert.Throws<NernException>(With(name, value).Validate).Message));

    [Fact]
    public void Scales_out_of_range_are_refused() => Assert.All(
        from scale in new[] { -1, double.NaN, 1e7 }
        from scales in new EmbeddingScales[] { new(scale, 1, 1), new(1, scale, 1), new(1, 1, scale) }
        select scales,
        scales => Assert.Contains("EmbeddingScales", Assert.Throws<NernException>(With("EmbeddingScales", scales).Validate).Message));

    [Fact]
    public void A_final_learning_rate_above_one_that_it_falls_from_is_refused()
    {
        Assert.Contains("FinalLearningRate", Refusal(new() { LearningRate = 1e-3, FinalLearningRate = 1e-2 }));
        Assert.Contains("FinalLearningRate", Refusal(new() { DistillationLearningRate = 1e-5, FinalLearningRate = 1e-4 }));

        static string Refusal(OptimizerOptions optimizer) =>
            Assert.Throws<NernException>((Valid with { Optimizer = optimizer }).Validate).Message;
    }

    [Fact]
    public void Every_choice_that_is_none_is_refused_by_name()
    {
        var choices = OptionSet<FitOptions>.All
            .Select(option => (option.Name, Type: Nullable.GetUnderlyingType(option.Type) ?? option.Type))
            .Where(choice => choice.Type.IsEnum).ToArray();
        Assert.NotEmpty(choices);
        foreach (var (name, type) in choices)
            Assert.Equal(
                $"The option {name} takes {string.Join(", ", Enum.GetNames(type))}; got 77.",
                Assert.Throws<NernException>(With(name, Enum.ToObject(type, 77)).Validate).Message);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Ranger)]
    [InlineData(OptimizerKind.Muon)]
    public void The_optimiser_takes_over_what_is_said_and_keeps_its_own_of_the_rest(OptimizerKind kind)
    {
        var options = new OptimizerOptions { Kind = kind, WeightDecay = 0.01 };
        var (adam, ranger, muon) = (
            new AdamWOptions { WeightDecay = 0.01 }, new RangerOptions { WeightDecay = 0.01 }, new MuonOptions { WeightDecay = 0.01 });

        AssertSteps(adam, ranger, muon, options);
        AssertSteps(adam with { Beta1 = 0.7 }, ranger with { Beta1 = 0.7 }, muon with { Momentum = 0.7 }, options with { Beta1 = 0.7 });
        AssertSteps(adam with { Beta2 = 0.9 }, ranger with { Beta2 = 0.9 }, muon with { Beta2 = 0.9 }, options with { Beta2 = 0.9 });
        AssertSteps(adam, ranger with { CentralizeGradient = false }, muon, options with { CentralizeGradient = false });

        void AssertSteps(AdamWOptions expectedAdam, RangerOptions expectedRanger, MuonOptions expectedMuon, OptimizerOptions options)
        {
            ParameterBlock[] blocks = [ParameterBlock.Matrix(0, 3, 5), ParameterBlock.Bias(15, 3)];
            using var engine = new CpuEngine();
            using Optimizer expected = kind switch
            {
                OptimizerKind.AdamW => new AdamW(blocks, expectedAdam),
                OptimizerKind.Muon => new Muon(engine, Precision.Float32, blocks, expectedMuon),
                _ => new Ranger(blocks, expectedRanger),
            };
            using var actual = options.Create(engine, Precision.Float32, blocks);
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
    public void Messages_say_what_was_expected_and_found() => Assert.Equal(
        "The option Batch takes a number from 1 to 65536; got 0.", Assert.Throws<NernException>(With("Batch", 0).Validate).Message);

    [Fact]
    public void Options_are_kept_by_name()
    {
        var options = Valid with
        {
            Predictor = new() { Hidden = 12, Initialization = Initialization.Matched },
            Objective = new() { Kd = 0.5 },
            Optimizer = new() { Kind = OptimizerKind.Ranger },
        };
        var json = options.ToJson();

        Assert.Equal(12, (int)json["hidden"]!);
        Assert.Equal(0.5, (double)json["kd"]!);
        Assert.Equal("matched", (string?)json["initialization"]);
        Assert.Equal("all", (string?)json["layers"]);
        Assert.Equal("ranger", (string?)json["optimizer"]);
        Assert.False(json.ContainsKey("minutes"));
        Assert.False(json.ContainsKey("distills"));
    }

    [Fact]
    public void Files_have_every_option_in_the_order_they_always_had()
    {
        var all = new FitOptions
        {
            Budget = new() { Minutes = 1 },
            Predictor = new() { EmbeddingBase = 1.16, LayerUnits = LayerUnits.One, ValueOrder = ValueOrder.None, FilterMeans = FilterMeans.Stored },
            Sampling = new() { DistillationKernels = 1 },
            Objective = new() { Warmup = 1 },
            Optimizer = new() { Kind = OptimizerKind.AdamW, LearningRate = 1, DistillationLearningRate = 1, Beta1 = 0.5, Beta2 = 0.5 },
            Precision = Precision.Float32,
        };

        Assert.Equal(
            "layers hidden depth activation skip kernelReading initialization ordering coordinates embeddingKind embeddingScales embeddingBase "
            + "embeddingLevels reconstructionForm weighting kdForm fmdForm sumsTwice reconstruction kd fmd warmup sampling kernels "
            + "uniformProbability refresh optimizer learningRate distillationLearningRate finalLearningRate decayFrom plateau weightDecay averaging keepZeros "
            + "noise beta1 beta2 centralizeGradient batch rounds steps minutes precision seed evaluateEvery layerUnits valueOrder filterMeans distillationKernels",
            string.Join(' ', all.ToJson().Select(option => option.Key)));
        Assert.Equal(OptionSet<FitOptions>.All.Count, all.ToJson().Count);
    }

    private static FitOptions With(string name, object? value) =>
        (FitOptions)OptionSet<FitOptions>.All.Single(option => option.Name == name).With(Valid, value);
}
