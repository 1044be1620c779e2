using System.Text.Json.Nodes;
using Nern.Checkpoints.Safetensors;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Compression;
using Nern.NetworkFiles;
using Nern.Networks.Architectures;
using Nern.Representation;
using Nern.Sweeps.Results;

namespace Nern.Cli.Tests.Commands;

public sealed class FitCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Fit_writes_a_representation_and_tells_how_to_go_on()
    {
        var answer = _workspace.Fit();

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.True(NernFile.IsNern(_workspace.Path("tiny.nern")));
        Assert.Contains("original: accuracy", answer.Output);
        Assert.Contains("step 3 of 3", answer.Output);
        Assert.Contains($"Go on with: nern evaluate {_workspace.Path("tiny.nern")} --data cifar10:", answer.Output);
        var sizes = UsualSizes.Of(NetworkFile.Load(_workspace.Path("tiny.safetensors"), CifarResNet.Build(8)));
        Assert.Matches(
            $"{UsualSizes.Int8Name} +{sizes.Int8:N0} bytes +{100.0 * new FileInfo(_workspace.Path("tiny.nern")).Length / sizes.Int8:F2} %",
            answer.Output);
        Assert.DoesNotContain('\e', answer.Output);
        Assert.Equal(["tiny.nern", "tiny.nern.log.jsonl", "tiny.safetensors"], _workspace.Files);
    }

    [Fact]
    public void A_checkpoint_with_one_output_is_fitted_as_a_network_of_two_classes()
    {
        SafetensorsWriter.Save(_workspace.Path("one.safetensors"), TinyModel.Tensors(CifarResNet.WithLogits(8, Shortcut.A, 1)));

        var answer = _workspace.Run(
            "fit", "@one.safetensors", "--architecture", "resnet8", "--noise", "--steps", "3", "--hidden", "8", "--batch", "8",
            "-o", "@one.nern");

        Assert.Equal(ExitCode.Success, answer.ExitCode);
        Assert.DoesNotContain("validation KL 0 ", answer.Output);
        Assert.Contains("to 2 classes", _workspace.Run("info", "@one.nern").Output);
    }

    [Fact]
    public void The_course_of_a_fit_is_logged_beside_it()
    {
        var answer = _workspace.Fit();

        Assert.Contains(
            $"is in {_workspace.Path("tiny.nern.log.jsonl")}; to see it: tensorboard --logdir {_workspace.Path("tiny.nern.events")}\n",
            answer.Output);
        var evaluation = JsonNode.Parse(File.ReadLines(_workspace.Path("tiny.nern.log.jsonl")).Last())!;
        Assert.Equal(("evaluation", 3), ((string?)evaluation["kind"], (int)evaluation["step"]!));
        Assert.Equal(7, evaluation["layerErrors"]!.AsObject().Count);
        Assert.StartsWith(
            "events.out.tfevents.", Path.GetFileName(Assert.Single(Directory.GetFiles(_workspace.Path("tiny.nern.events")))));
    }

    [Fact]
    public void A_fit_leaves_no_log_if_it_is_told_so()
    {
        var answer = _workspace.Fit("--no-log");

        Assert.Equal(["tiny.nern", "tiny.safetensors"], _workspace.Files);
        Assert.False(Directory.Exists(_workspace.Path("tiny.nern.events")));
        Assert.DoesNotContain("tensorboard", answer.Output);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        byte[] Fit(string seed)
        {
            Assert.Equal(ExitCode.Success, _workspace.Fit("--seed", seed).ExitCode);
            return File.ReadAllBytes(_workspace.Path("tiny.nern"));
        }

        var first = Fit("5");
        Assert.Equal(first, Fit("5"));
        Assert.NotEqual(first, Fit("6"));
    }

    [Fact]
    public void Every_option_reaches_the_file()
    {
        var answer = _workspace.Fit(
            "--depth", "3", "--ordering", "in-filter", "--coordinates", "global", "--embedding-base", "1.3", "--embedding-levels", "7",
            "--initialization", "torch", "--sampling", "uniform", "--uniform-probability", "0.5", "--kd", "1e-3", "--fmd", "2e-3",
            "--warmup", "1", "--learning-rate", "4e-3", "--distillation-learning-rate", "2e-3", "--final-learning-rate", "1e-5",
            "--weight-decay", "0.1", "--optimizer", "ranger", "--decay-from", "0.25", "--plateau", "0.01", "--averaging", "0.5",
            "--weighting", "layer", "--rounds", "1", "--beta1", "0.6", "--beta2", "0.99", "--centralize-gradient", "false",
            "--activation", "silu", "--kernel-reading", "max", "--skip", "input", "--embedding-kind", "gaussian",
            "--embedding-scales", "1,2,3", "--layer-units", "power-of-two", "--filter-means", "predicted", "--value-order", "none", "--distillation-kernels", "70",
            "--fmd-form", "exact",
            "--sums-twice", "false", "--reconstruction", "0.7", "--layers", "-conv1,*3.*", "--refresh", "0.2",
            "--minutes", "5", "--precision", "f32", "--seed", "18446744073709551615", "--evaluate-every", "2",
            "--reconstruction-form", "norm-over-count", "--kd-form", "exact", "--mean", "0.1,0.2,0.3", "--std", "1,2,3",
            "--shortcut", "a", "--classes", "10", "--keep-zeros", "false");

        Assert.True(answer.ExitCode == ExitCode.Success, answer.Error);
        var provenance = NernFile.Load(_workspace.Path("tiny.nern")).Provenance;
        Assert.Equal([0.1f, 0.2f, 0.3f], provenance.Mean);
        Assert.Equal([1f, 2f, 3f], provenance.Std);
        var options = provenance.Options!.Select(
            option => $"{option.Key} {(option.Value is JsonObject parts ? parts.ToJsonString() : option.Value)}");
        Assert.Equal(
            "activation silu, averaging 0.5, batch 8, beta1 0.6, beta2 0.99, centralizeGradient false, coordinates global, "
            + "decayFrom 0.25, depth 3, distillationKernels 70, distillationLearningRate 0.002, embeddingBase 1.3, embeddingKind gaussian, embeddingLevels 7, "
            + "embeddingScales {\"layer\":1,\"filter\":2,\"channel\":3}, evaluateEvery 2, filterMeans predicted, "
            + "finalLearningRate 1E-05, fmd 0.002, fmdForm exact, hidden 8, initialization torch, kd 0.001, "
            + "kdForm exact, keepZeros false, kernelReading max, kernels 64, layerUnits powerOfTwo, layers -conv1,*3.*, learningRate 0.004, minutes 5, "
            + "noise none, optimizer ranger, ordering inFilter, plateau 0.01, precision float32, reconstruction 0.7, "
            + "reconstructionForm normOverCount, refresh 0.2, rounds 1, sampling uniform, "
            + "seed 18446744073709551615, skip input, steps 3, sumsTwice false, uniformProbability 0.5, valueOrder none, warmup 1, "
            + "weightDecay 0.1, weighting layer",
            string.Join(", ", options.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("--layers", "layer2.*")]
    [InlineData("--layers", "-conv1,-layer1.*,-layer3.*")]
    [InlineData("--layers=-conv1,-layer1.*,-layer3.*")]
    public void A_representation_of_some_layers_is_one_of_the_whole_network(params string[] layers)
    {
        var answer = _workspace.Fit(layers);

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var info = JsonNode.Parse(_workspace.Run("info", "@tiny.nern", "--json").Output)!;
        Assert.Equal(2, (int)info["network"]!["predictedLayers"]!);
        Assert.Equal(
            ["layer2.0.conv1", "layer2.0.conv2"], info["smoothness"]!["layers"]!.AsArray().Select(layer => (string)layer!["name"]!));
        string[] original = ["--original", "@tiny.safetensors"];
        var evaluation = JsonNode.Parse(
            _workspace.Run(["evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--json", .. original]).Output)!;
        Assert.True((double)evaluation["relativeWeightError"]! > 0);
        Assert.Contains("layer2.0.conv1", _workspace.Run(["picture", "@tiny.nern", "-o", "@kernels.png", .. original]).Output);
        Assert.Contains(
            "no predicted layer 'conv1'", _workspace.Run(["picture", "@tiny.nern", "-o", "@a.png", "--layer", "conv1", .. original]).Error);
        Assert.Equal(ExitCode.Success, _workspace.Run("reconstruct", "@tiny.nern", "-o", "@again.safetensors").ExitCode);
    }

    [Theory]
    [InlineData("kernel=3", "The option --layers takes terms with commas between them, such as kernel=3x3,-layer1.*; got 'kernel=3'.")]
    [InlineData("--layer=conv1", "There is no option '--layer'; did you mean '--layers'?")]
    [InlineData("-other", "No convolution of the network matches '-other'; the nearest name is 'conv1'.")]
    [InlineData("layr3.*", "No convolution of the network matches 'layr3.*'; the nearest name is 'layer3.0.conv1'.")]
    public void Layers_that_are_not_there_are_told(string layers, string expected) =>
        Assert.Contains(expected, _workspace.Fit("--layers", layers).Error);

    [Fact]
    public void A_report_has_what_the_fit_has_come_to()
    {
        var answer = _workspace.Fit("--report", "@report.json", "--evaluate-every", "1");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var report = FitReport.Load(_workspace.Path("report.json"));
        Assert.Equal([1, 2, 3], report.Curve.Select(evaluation => evaluation.Step));
        Assert.Equal(TinyModel.Images, report.Result.Original!.Value.Count);
        Assert.Equal(
            report.Result.Accuracy!.Value.Share, report.Curve.Single(evaluation => evaluation.Step == report.Result.Step).Accuracy);
        Assert.Equal(new FileInfo(_workspace.Path("tiny.nern")).Length, report.Result.FileBytes);
        Assert.InRange(report.Result.PredictorBytes, 1, report.Result.FileBytes);
    }

    [Fact]
    public void A_recipe_s_options_reach_the_file_where_the_command_line_has_no_others()
    {
        _workspace.Write("mine.yaml", "noise: uniform\nhidden: 12\ndepth: 3\nbatch: 8\nsteps: 1000000000\n"u8.ToArray());
        var answer = _workspace.Run(
            "fit", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--recipe", "@mine.yaml", "-o", "@tiny.nern",
            "--steps", "2",
            "--depth", "4");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var options = NernFile.Load(_workspace.Path("tiny.nern")).Provenance.Options!;
        Assert.Equal("uniform", (string?)options["noise"]);
        Assert.Equal((12, 4, 8, 2), ((int)options["hidden"]!, (int)options["depth"]!, (int)options["batch"]!, (int)options["steps"]!));
    }

    [Theory]
    [InlineData("uniform", "--noise", "uniform")]
    [InlineData("uniform", "--noise=uniform")]
    [InlineData("fractal", "--noise")]
    public void Noise_may_be_named(string kind, params string[] noise)
    {
        var answer = _workspace.Run(
            ["fit", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "-o", "@noise.nern", "--steps", "1", "--hidden", "8",
            "--batch", "8", .. noise]);

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(kind, (string?)NernFile.Load(_workspace.Path("noise.nern")).Provenance.Options!["noise"]);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    public void A_fit_begins_with_another_file_and_what_it_is_like(int hidden)
    {
        _workspace.Fit(
            "--depth", "3", "--activation", "silu", "--embedding-base", "1.3", "--ordering", "in-filter", "--layers", "layer2.*");
        File.Move(_workspace.Path("tiny.nern"), _workspace.Path("first.nern"));

        var answer = _workspace.Fit(
            "--from", "@first.nern", "--hidden", $"{hidden}", "--depth", "3", "--seed", "4", "--learning-rate", "1e-3");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("step 0 of 3", answer.Output);
        var (first, again) = (NernFile.Load(_workspace.Path("first.nern")), NernFile.Load(_workspace.Path("tiny.nern")));
        var (before, after) = (first.Design!, again.Design!);
        Assert.Equal(before.Layout.Layers, after.Layout.Layers);
        Assert.Equal((hidden, 3, before.Shape.Activation), (after.Shape.Hidden, after.Shape.Depth, after.Shape.Activation));
        Assert.Equal(before.Embedding, after.Embedding);
        Assert.All(before.Orderings.Zip(after.Orderings), pair =>
        {
            Assert.Equal(pair.First.Kind, pair.Second.Kind);
            Assert.Equal(pair.First.KernelAt.ToArray(), pair.Second.KernelAt.ToArray());
        });
        var options = again.Provenance.Options!;
        Assert.Equal(
            (hidden, "silu", "inFilter", "layer2.0.conv1,layer2.0.conv2"),
            ((int)options["hidden"]!, (string?)options["activation"], (string?)options["ordering"], (string?)options["layers"]));
        Assert.Equal(64, ((string?)options["from"])!.Length);
    }

    [Fact]
    public void A_recipe_gives_way_to_the_file_that_a_fit_begins_with()
    {
        _workspace.Fit();
        _workspace.Write("mine.yaml", "hidden: 12\ndepth: 3\nkd: 2e-3\n"u8.ToArray());

        var answer = _workspace.Run(
            "fit", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--recipe", "@mine.yaml", "--noise", "--batch", "8",
            "--steps", "1", "--from", "@tiny.nern", "-o", "@again.nern");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        var options = NernFile.Load(_workspace.Path("again.nern")).Provenance.Options!;
        Assert.Equal((8, 5, 2e-3), ((int)options["hidden"]!, (int)options["depth"]!, (double)options["kd"]!));
    }

    [Fact]
    public void Resuming_with_another_start_is_refused_and_with_the_same_goes_on()
    {
        _workspace.Fit();
        File.Move(_workspace.Path("tiny.nern"), _workspace.Path("first.nern"));
        _workspace.Fit("--seed", "5");
        File.Move(_workspace.Path("tiny.nern"), _workspace.Path("other.nern"));
        string[] arguments = ["-o", "@tiny.nern", "--steps", "40", "--evaluate-every", "2"];
        Assert.Equal(0, _workspace.Run(TinyModel.FitArguments([.. arguments, "--from", "@first.nern"])).ExitCode);
        var whole = File.ReadAllBytes(_workspace.Path("tiny.nern"));
        using var output = new InterruptingWriter("step 8 ");
        Assert.Equal(
            ExitCode.Interrupted,
            _workspace.Run(output, output.Interruption, TinyModel.FitArguments([.. arguments, "--from", "@first.nern"])).ExitCode);

        Assert.Contains(
            "tiny.nern.checkpoint' was made with other options: from was",
            _workspace.Run(TinyModel.FitArguments([.. arguments, "--from", "@other.nern", "--resume"])).Error);
        Assert.Contains(
            "but is not given now.", _workspace.Run(TinyModel.FitArguments([.. arguments, "--resume"])).Error);
        Assert.Equal(0, _workspace.Run(TinyModel.FitArguments([.. arguments, "--from", "@first.nern", "--resume"])).ExitCode);
        Assert.Equal(whole, File.ReadAllBytes(_workspace.Path("tiny.nern")));
    }

    [Fact]
    public void A_small_file_is_made_of_the_predictor_that_is_given_and_is_a_start_itself()
    {
        _workspace.Fit("--ordering", "none");
        File.Move(_workspace.Path("tiny.nern"), _workspace.Path("first.nern"));
        string[] arguments = TinyModel.FitArguments("-o", "@small.nern", "--from", "@first.nern", "--size", "9000");

        // Stopped while it rounds, when there is a small file in the place of the fit's.
        Assert.Equal(ExitCode.Interrupted, Run("step 250 of 4,000", arguments).ExitCode);
        Assert.InRange(new FileInfo(_workspace.Path("small.nern")).Length, 1, 9000);
        string[] without = [.. arguments.Where(argument => argument is not ("--from" or "@first.nern")), "--resume"];
        Assert.Contains("but is not given now.", _workspace.Run(without).Error);
        var resumed = Run("step 500 of 4,000", [.. arguments, "--resume"]);
        Assert.Equal((ExitCode.Interrupted, ""), (resumed.ExitCode, resumed.Error));
        Assert.DoesNotContain("step 0 of 4,000", resumed.Output);

        var again = _workspace.Fit("--from", "@small.nern", "--hidden", "10");
        Assert.Equal((ExitCode.Success, ""), (again.ExitCode, again.Error));
        var (small, next) = (NernFile.Load(_workspace.Path("small.nern")), NernFile.Load(_workspace.Path("tiny.nern")));
        Assert.Equal((true, 8), (small.IsSmall, small.Design!.Shape.Hidden));
        Assert.Equal((false, 10), (next.IsSmall, next.Design!.Shape.Hidden));

        Answer Run(string until, string[] of)
        {
            using var output = new InterruptingWriter(until);
            return _workspace.Run(output, output.Interruption, of);
        }
    }

    [Fact]
    public void Fit_on_noise_needs_no_data()
    {
        var answer = _workspace.Run(
            "fit", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--noise", "-o", "@noise.nern", "--steps", "2",
            "--hidden", "8", "--batch", "8");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.DoesNotContain("accuracy", answer.Output);
        Assert.Contains("--data SOURCE", answer.Output);
    }

    [Fact]
    public void A_normalisation_given_to_a_fit_on_noise_is_kept_for_later()
    {
        var answer = _workspace.Run(
            "fit", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--noise", "-o", "@noise.nern", "--steps", "1",
            "--hidden", "8", "--batch", "8", "--mean", "0.5,0.4,0.3", "--std", "0.2,0.2,0.2");

        Assert.Equal(ExitCode.Success, answer.ExitCode);
        Assert.Equal([0.5f, 0.4f, 0.3f], NernFile.Load(_workspace.Path("noise.nern")).Provenance.Mean);
    }

    [Fact]
    public void Fit_on_noise_tests_with_data()
    {
        var answer = _workspace.Fit("--noise");

        Assert.Equal(ExitCode.Success, answer.ExitCode);
        Assert.Contains("accuracy", answer.Output);
    }

    [Fact]
    public void Fit_of_the_weights_alone_needs_neither_data_nor_noise()
    {
        var answer = _workspace.Run(
            "fit", "@tiny.safetensors", "--architecture", TinyModel.Architecture, "--kd", "0", "--fmd", "0", "-o", "@weights.nern",
            "--steps", "2", "--hidden", "8");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
    }

    [Fact]
    public void An_interrupted_fit_saves_what_it_reached()
    {
        using var output = new InterruptingWriter("best so far");
        // More steps than anyone waits for: only the interruption can end it.
        var arguments = TinyModel.FitArguments("-o", "@tiny.nern", "--steps", "1000000000", "--evaluate-every", "2");
        var answer = _workspace.Run(output, output.Interruption, arguments);

        Assert.Equal(ExitCode.Interrupted, answer.ExitCode);
        Assert.Contains($"Stopped early; {_workspace.Path("tiny.nern")} holds the best", answer.Output);
        Assert.True(NernFile.IsNern(_workspace.Path("tiny.nern")));
    }

    [Fact]
    public void A_fit_interrupted_before_its_first_step_writes_nothing()
    {
        using var output = new StringWriter();
        var answer = _workspace.Run(output, new CancellationToken(canceled: true), TinyModel.FitArguments("-o", "@tiny.nern"));

        Assert.Equal((ExitCode.Interrupted, "nern: Interrupted; nothing was written.\n"), (answer.ExitCode, answer.Error));
        Assert.Equal(["tiny.safetensors"], _workspace.Files);
    }

    [Theory]
    [InlineData("@tiny.safetensors")]
    [InlineData("@sub/../tiny.safetensors")]
    [InlineData("@link")]
    [InlineData("@folder/tiny.safetensors")]
    [InlineData("@folder/link")]
    public void The_network_is_not_overwritten_by_whichever_path(string output)
    {
        File.CreateSymbolicLink(_workspace.Path("link"), "tiny.safetensors");
        Directory.CreateSymbolicLink(_workspace.Path("folder"), _workspace.Path(""));
        File.CreateSymbolicLink(_workspace.Path("circle"), "circle");
        var before = File.ReadAllBytes(_workspace.Path("tiny.safetensors"));

        var answer = _workspace.Run(TinyModel.FitArguments("-o", output));

        Assert.Equal(
            (ExitCode.BadInput, $"nern: '{_workspace.Resolve(output)}' could not be written: it is the file that is read.\n"),
            (answer.ExitCode, answer.Error));
        Assert.Equal(before, File.ReadAllBytes(_workspace.Path("tiny.safetensors")));
        Assert.Equal(ExitCode.Success, _workspace.Run(TinyModel.FitArguments("-o", "@circle")).ExitCode);
    }
}
