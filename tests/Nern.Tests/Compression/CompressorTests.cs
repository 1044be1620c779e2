using Nern.Compression;
using Nern.Engine;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Prediction;
using Nern.Representation;
using Nern.Tests.Fitting;
using Nern.Tests.Representation;

namespace Nern.Tests.Compression;

public sealed class CompressorTests : IDisposable
{
    private const int Wanted = 1150;

    private static readonly CompressOptions Options = new()
    {
        Size = new(Wanted, IsPercent: false),
        Steps = 24,
        Batch = 4,
        LearningRate = 1e-2,
        Precision = Precision.Float32,
        Seed = 3,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_is_as_small_as_wanted_and_the_same_again()
    {
        var (first, second) = (Compressed(Options), Compressed(Options));
        Assert.InRange(first.Length, 1, Wanted);
        Assert.Equal(first, second);
        Assert.NotEqual(first, Compressed(Options with { Seed = 4 }));
    }

    [Fact]
    public void What_comes_before_the_steps_is_heard_of_and_can_be_stopped()
    {
        using var subject = new FitCase();
        var parts = new List<double>();
        using (new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options, preparation: new Listener(parts.Add)))
        {
        }
        Assert.Equal(parts.Order(), parts);
        Assert.Equal(1, parts[^1]);
        // Each layer is rounded alone, and told of.
        Assert.InRange(parts.Distinct().Count(), FoldedNetwork.Of(subject.Network).Layers.Count, 100);

        foreach (var last in new[] { parts[0], parts[2] })
        {
            using var stop = new CancellationTokenSource();
            var listener = new Listener(part => { if (part >= last) stop.Cancel(); });
            Assert.Throws<OperationCanceledException>(() => new Compressor(
                subject.Engine, subject.Network, subject.Inputs(), Options, preparation: listener, cancellation: stop.Token));
        }
    }

    [Theory]
    [InlineData(1150, 24, 9)]
    [InlineData(1250, 80, 37)]
    public void What_was_stopped_goes_on_to_the_same_bytes_and_state(int size, int steps, int stop)
    {
        var (checkpoint, whole, resumed) = (_folder.File("x.checkpoint"), _folder.File("whole.checkpoint"), _folder.File("y.checkpoint"));
        var options = Options with { Size = new(size, IsPercent: false), Steps = steps };
        using (var subject = new FitCase())
        using (var compressor = new Compressor(subject.Engine, subject.Network, FitCase.Images(), options))
        {
            using var stopping = new CancellationTokenSource();
            compressor.Run(
                progress => { if (progress.Step >= stop) stopping.Cancel(); }, stopping.Token, new() { Path = checkpoint, Minutes = 0 });
        }
        var unfinished = UnfinishedCompression.Load(checkpoint);
        Assert.InRange(unfinished.Step, stop, steps - 1);

        Assert.Equal(Compressed(options, saveTo: whole), Compressed(options, unfinished, saveTo: resumed));
        var (expected, actual) = (UnfinishedCompression.Load(whole).Snapshot, UnfinishedCompression.Load(resumed).Snapshot);
        Assert.Equal(expected.State.Size, actual.State.Size);
        Assert.Equal(expected.Arrays, actual.Arrays);
    }

    [Fact]
    public void What_is_stopped_at_once_leaves_a_whole_file()
    {
        var (result, checkpoint) = (_folder.File("x.nern"), _folder.File("x.checkpoint"));
        using var subject = new FitCase();
        using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options);
        compressor.Run(null, new CancellationToken(true), new() { Path = checkpoint, Result = result });
        Assert.True(NernFile.Load(result).IsSmall);
        Assert.Equal(0, UnfinishedCompression.Load(checkpoint).Step);
        Assert.All(Directory.GetFiles(_folder.FullName), file => Assert.Contains(file, new[] { result, checkpoint }));
    }

    [Fact]
    public void A_file_that_begins_larger_than_wanted_is_small_enough_wherever_it_ends()
    {
        // So many steps begin with room, which these do not take back.
        var options = Options with { Steps = 4000, LearningRate = 1e-9 };
        using var subject = new FitCase();
        using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), options);
        using var stopping = new CancellationTokenSource();
        long? running = null;

        var (best, evaluation) = compressor.Run(
            progress =>
            {
                running = progress.Bytes;
                if (progress.Step >= 3)
                    stopping.Cancel();
            },
            stopping.Token);

        Assert.True(running > Wanted);
        Assert.InRange(NernFile.SizeOf(best), 0.99 * Wanted, Wanted);
        Assert.Equal(NernFile.SizeOf(best), evaluation.Bytes);
    }

    [Fact]
    public void A_checkpoint_of_other_options_is_refused()
    {
        var checkpoint = _folder.File("x.checkpoint");
        using var subject = new FitCase();
        using (var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options))
            compressor.Run(saving: new() { Path = checkpoint, Minutes = 0 });
        var unfinished = UnfinishedCompression.Load(checkpoint);
        Assert.Throws<NernException>(() => new Compressor(
            subject.Engine, subject.Network, subject.Inputs(), Options with { Seed = 9 }, null, unfinished));
    }

    [Fact]
    public void A_size_with_room_to_spare_is_not_filled()
    {
        var bytes = Compressed(Options with { Size = new(1_000_000, IsPercent: false), Steps = 2 });
        // A sixteenth of a layer's root mean square is fine enough.
        Assert.InRange(bytes.Length, Wanted, 2000);
    }

    [Fact]
    public void Sizes_that_cannot_be_are_refused()
    {
        using var subject = new FitCase();
        Assert.Contains("too small", Refused(Options with { Size = new(300, false) }));
        Assert.Contains("percent", Refused(Options with { Size = new(5, true) }));

        string Refused(CompressOptions options) => Assert.ThrowsAny<NernException>(
            () => new Compressor(subject.Engine, subject.Network, subject.Inputs(), options)).Message;
    }

    [Fact]
    public void Mixtures_of_the_inputs_set_aside_count_as_much_as_these()
    {
        using var subject = new FitCase();
        var (shape, inputs) = (subject.Shape, subject.Inputs());
        var options = Options with { Steps = 1, LearningRate = 1e-9 };
        var (mixed, plain) = (Run(options), Run(options with { Mixing = 0 }));
        float[] own = inputs.Validation.ToArray(), mixtures = new float[own.Length];
        var generator = new Generator(0x4D495845);
        for (var image = 0; image < own.Length / shape.Count; image++)
        {
            var share = generator.NextSingle();
            for (var i = 0; i < shape.Count; i++)
                mixtures[(image * shape.Count) + i] = (share * own[(image * shape.Count) + i])
                    + ((1 - share) * own[(((image * shape.Count) + shape.Count) % own.Length) + i]);
        }

        Assert.Equal(
            (Divergence(mixed.Best, own) + Divergence(mixed.Best, mixtures)) / 2, mixed.Evaluation.Validation,
            1e-3 * mixed.Evaluation.Validation);
        Assert.Equal(Divergence(plain.Best, own), plain.Evaluation.Validation, 1e-3 * plain.Evaluation.Validation);

        (NeuralRepresentation Best, CompressEvaluation Evaluation) Run(CompressOptions options)
        {
            using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), options);
            return compressor.Run();
        }

        double Divergence(NeuralRepresentation best, float[] images)
        {
            using var original = new Classifier(subject.Engine, subject.Network);
            using var small = new Classifier(subject.Engine, best.Reconstruct(subject.Engine));
            return Agreement.Of(original.Logits(images), small.Logits(images), subject.Network.Graph.Logits).MeanDivergence;
        }
    }

    [Fact]
    public void A_smaller_file_begins_where_a_larger_one_ended()
    {
        using var subject = new FitCase();
        NeuralRepresentation larger;
        using (var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options with { Size = new(1250, false), Steps = 80, LearningRate = 0.02 }))
            larger = compressor.Run().Best;
        Assert.NotEqual(Compressed(Options), Compressed(Options, start: larger));
        // Without a step that is worth the name, all that differs is where it begins.
        var none = Options with { Size = new(1250, false), Steps = 1, LearningRate = 1e-9 };
        Assert.InRange(Distance(larger), 0, 0.9 * Distance(null));

        double Distance(NeuralRepresentation? start)
        {
            using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), none, start);
            return Weights(compressor.Run().Best).Zip(Weights(larger), (a, b) => Math.Pow(a - b, 2)).Sum();
        }

        static IEnumerable<float> Weights(NeuralRepresentation representation) =>
            representation.Reconstruct().Tensors.Where(tensor => tensor.Value.Shape.Count > 1).SelectMany(tensor => tensor.Value.ToFloats());
    }

    [Fact]
    public void Predicted_layers_stay_predicted_and_go_on_after_a_stop()
    {
        using var subject = new FitCase();
        var fitted = new Fit(subject.Engine, subject.Network, FitCase.Images(), FitCase.Options).Run().Best;
        var options = Options with { Size = new(2600, false) };
        var checkpoint = _folder.File("x.checkpoint");
        using (var compressor = new Compressor(subject.Engine, subject.Network, FitCase.Images(), options, fitted))
        {
            using var stop = new CancellationTokenSource();
            var (best, _) = compressor.Run(
                progress => { if (progress.Step >= 9) stop.Cancel(); }, stop.Token, new() { Path = checkpoint, Minutes = 0 });
            Assert.Equal(fitted.Design!.Layout.Layers, best.Design!.Layout.Layers);
            Assert.True(best.IsSmall);
        }
        var bytes = Compressed(options, start: fitted);
        Assert.InRange(bytes.Length, 1, 2600);
        Assert.Equal(bytes, Compressed(options, UnfinishedCompression.Load(checkpoint), fitted));
        Assert.Throws<NernException>(
            () => new Compressor(subject.Engine, subject.Network, FitCase.Images(), options, null, UnfinishedCompression.Load(checkpoint)));
    }

    [Fact]
    public void A_predictor_s_file_is_small_enough_from_the_first_step_on_however_many_there_are()
    {
        using var subject = new FitCase();
        var fitted = new Fit(subject.Engine, subject.Network, subject.Inputs(), FitCase.Options).Run().Best;
        var options = Options with { Size = new(2600, false), Steps = 4000 };
        var running = 0L;
        using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), options, fitted);

        var (best, _) = compressor.Run(progress => running = progress.Bytes, new CancellationToken(true));

        Assert.InRange(running, 1, 2600);
        Assert.InRange(NernFile.SizeOf(best), 1, 2600);
    }

    private static byte[] Compressed(CompressOptions options, UnfinishedCompression? resume = null, NeuralRepresentation? start = null, string? saveTo = null)
    {
        using var subject = new FitCase();
        using var compressor = new Compressor(subject.Engine, subject.Network, FitCase.Images(), options, start, resume);
        var (best, evaluation) = compressor.Run(saving: saveTo is null ? null : new() { Path = saveTo });
        var bytes = NernBytes.Of(best);
        Assert.Equal(bytes.Length, evaluation.Bytes);
        return bytes;
    }
}
