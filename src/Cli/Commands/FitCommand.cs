using System.CommandLine;
using System.Diagnostics;
using Nern.Cli.Display.Progress;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Data;
using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Logs;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Runs;
using Nern.Sweeps.Results;

namespace Nern.Cli.Commands;

/// <summary><c>nern fit</c>: a trained network becomes a .nern file.</summary>
internal sealed class FitCommand : Command, IDocumented, IShared
{
    private readonly Terminal _terminal;
    private readonly NetworkSettings _network = new("--image-size", takesFeatures: true);
    private readonly ImageSettings _images = new("Images to distil on and to test with");
    private readonly FitSettings _fit = new();
    private readonly ThreadSetting _threads = new();

    private readonly Argument<string> _checkpoint = new("NETWORK")
    {
        Description =
            "The trained network: an ONNX model, or a safetensors file or PyTorch checkpoint (.pt, .pth, .th) with --architecture.",
    };

    private readonly Option<string?> _recipe = Setting.Text(
        "--recipe", "NAME|FILE",
        $"Options to start from, which those given here override: {string.Join(" or ", Recipe.Names)}, or a YAML file.");

    private readonly Option<string?> _output = Setting.Text("--output", "FILE", "The .nern file to write.", "-o");

    private readonly Option<string?> _from = Setting.Text(
        "--from", "FILE.nern",
        "Begin with the predictor of another representation, such as of the network before it was trained further, instead of one "
        + "that is drawn: its options take the place of the recipe's, and its orderings stay. Only --hidden may be larger: units are "
        + "added that change nothing at first.");

    private readonly Option<FileSize?> _size = Setting.OptionalSize(
        "--size",
        "Make the file as small: a predictor that fits in, without an ordering, and after the fit its parameters become integers as "
        + "compress makes them. --hidden, --ordering and --from may say otherwise.");

    private readonly Option<bool> _resume = Setting.Switch(
        "--resume", "Go on from FILE.checkpoint, which an unfinished fit leaves, to the same result as if it had not stopped.");

    private readonly Option<double> _checkpointMinutes = Setting.Number(
        "--checkpoint-minutes", "M", 1.0, "Minutes between two checkpoints: the most that a crash costs.");

    private readonly Option<bool> _noLog = Setting.Switch(
        "--no-log", "Leave away FILE.log.jsonl, the course of the fit as JSON lines, and FILE.events, the same for TensorBoard.");

    private readonly Option<string?> _report = Setting.Text(
        "--report", "FILE", "Also write what the fit has come to, and every evaluation on the way, to a file of JSON.");

    internal FitCommand(Terminal terminal)
        : base("fit", """
            Fits a neural representation to a trained network.

            The predictor learns to give the network's convolution kernels, and to make the network behave as the original
            does on images (distillation). No labels are used. The state that comes closest to the original on inputs set
            aside is kept. Ctrl-C, SIGTERM and SIGHUP stop early and keep what was reached; --resume goes on, after a crash too.
            Started by mpirun (MPICH's), all ranks share the work, and the first shows, saves and writes.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        _recipe.DefaultValueFactory = _ => Recipe.Default;
        Add(_checkpoint);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "NETWORK (--data SOURCE | --noise) -o FILE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern fit resnet20.th --architecture resnet20 --data cifar10:cifar-10-batches-bin -o resnet20.nern",
        "nern fit classifier.onnx --data imagefolder:photographs -o classifier.nern",
        "nern fit resnet20.th --architecture resnet20 --data cifar10:cifar-10-batches-bin --size 8% -o small.nern",
        "nern fit resnet20.th --architecture resnet20 --noise --hidden 180 --minutes 30 -o resnet20.nern",
        "mpirun -n 8 nern fit classifier.onnx --data imagefolder:photographs -o classifier.nern",
        "nern fit retrained.th --architecture resnet20 --data cifar10:cifar-10-batches-bin --from resnet20.nern -o again.nern",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Result", [_output, _size, _report, _resume, _checkpointMinutes, _noLog]), new("Start", [_from, _recipe]), _network.Group,
        _images.Group,
        .. _fit.Groups, _threads.Group,
    ];

    private int Run(ParseResult result)
    {
        // From here on a rank that fails ends all.
        var ranks = _terminal.Ranks.Open();
        // Everything that can be wrong is looked at before the long work.
        var recipe = Recipe.Load(result.GetRequiredValue(_recipe)!);
        var (checkpoint, output, begin) = (result.GetRequiredValue(_checkpoint), result.GetRequiredValue(_output)!, result.GetValue(_from));
        var from = begin is null ? null : new FitStart(NernFile.Load(begin), $"'{begin}'");
        if (from is not null)
            recipe = recipe with { Predictor = from.Options(recipe.Predictor) };
        var options = _fit.Read(result, recipe);
        string[] sources = begin is null ? [checkpoint] : [checkpoint, begin];
        CheckOutput(output);
        CheckOutput($"{output}.checkpoint");
        var checkpoints = new SavingOptions
        {
            Path = $"{output}.checkpoint",
            Result = output,
            Minutes = result.GetValue(_checkpointMinutes),
        };
        var rounding = checkpoints with { Path = $"{output}.rounding.checkpoint" };
        CheckOutput(rounding.Path);
        var size = result.GetValue(_size);
        if (size is not null && ranks.IsShared)
            throw new NernException($"Ranks do not share the work of {_size.Name}: fit without it, and then nern compress without mpirun.");
        var logs = new FitLogs(_terminal, output, wanted: ranks.IsFirst && !result.GetValue(_noLog));
        logs.Check(sources);
        var report = result.GetValue(_report);
        if (report is not null)
            CheckOutput(report);
        var source = _images.Source(result);
        var noise = options.Inputs.Noise != NoiseKind.None;
        if (source is null && !noise && options.Objective.Weights.Distils)
            throw new NernException("A fit that distils needs --data or --noise; with --kd 0 --fmd 0 it fits the weights alone.");
        if (source is null && !noise && size is not null)
            throw new NernException($"{_size.Name} distils: give it --data or --noise.");
        if (NernFile.IsNern(checkpoint))
            throw new NernException($"'{checkpoint}' is a neural representation already: fit takes the network's checkpoint.");
        var network = _network.Load(_terminal, checkpoint, result, source);
        if (size is not null)
            Compressor.CheckClassifier(network.Graph);
        from?.Check(options.Predictor, network.Graph);
        if (from?.Hidden == options.Predictor.Hidden && options.Budget.Rounds == 1 && _fit.IsGiven(result, "initialization"))
            throw new NernException($"--initialization says how parameters are drawn; '{begin}' gives all of them: leave it out.");
        if (size is { } wanted)
        {
            var bytes = wanted.In(network.Source?.Bytes ?? 0);
            if (from is null)
                options = _fit.Read(result, recipe with { Predictor = SmallPredictor.Within(options.Predictor, network, bytes) });
            SmallPredictor.Check(options.Predictor, network, bytes);
        }
        var shape = network.Graph.InputShape;
        source = source?.For(shape);
        var normalization = _images.Normalization(result, shape.Channels, source);
        var inputs = noise || source is null
            ? FitInputs.FromNoise(shape, noise ? options.Inputs.Noise : NoiseKind.Uniform, source?.Test, normalization)
            : FitInputs.FromImages(source.Train, normalization!, source.Test);
        if (source is not null)
            ImageSettings.ReportUse(_terminal, network.Graph, noise ? [source.Test] : [source.Train, source.Test]);
        if (noise && normalization is null && !_network.NamesArchitecture(result))
            _terminal.Report(
                "Note: the noise is as images normalised by ImageNet's statistics; where the network takes others, --mean, --std and --range say so.");
        _threads.Apply(result, _terminal.Ranks.Launch);
        using var engine = Engines.Open();
        options = options with { Precision = Engines.Precision(_terminal, engine, options.Precision) };
        var unfinished =
            File.Exists(rounding.Path) && UnfinishedWork.Find(_terminal, rounding.Path, result.GetValue(_resume) && size is not null)
                ? UnfinishedCompression.Load(rounding.Path)
                : null;
        // The other ranks may be on other machines, without the file.
        var exists = ranks.IsFirst && UnfinishedWork.Find(_terminal, checkpoints.Path, result.GetValue(_resume));
        var resume = UnfinishedFit.Load(checkpoints.Path, ranks, exists);
        var fit = new Fit(engine, network, inputs, options, from?.Representation, ranks);
        // What the fit came to is the end of its checkpoint; in its file may be a small one by now.
        if (unfinished is not null)
            return Rounded(resume is null ? NernFile.Load(output) : fit.Run(resume: resume).Best);
        var accuracy = fit.OriginalAccuracy;
        if (ranks.IsShared)
            _terminal.Output.WriteLine(
                $"{ranks.Size} ranks of {ParallelRegion.Threads} {(ParallelRegion.Threads == 1 ? "thread" : "threads")} share the work. "
                + $"Should one end, all do: {checkpoints.Path} is whole, and the same command with --resume goes on from it.");

        var display = FitDisplay.Of(_terminal, options, accuracy);
        using var interruption = new Interruption(_terminal, display);
        var elapsed = resume?.Elapsed ?? default;
        var clock = Stopwatch.StartNew();
        var curve = resume is null || !ranks.IsFirst ? new FitCurve() : FitCurve.Resumed(FitWatcher.LogOf(output), resume.Step);
        var (best, evaluation) = display.Show(() =>
        {
            FitWatcher? watcher = null;
            try
            {
                return fit.Run(
                    progress =>
                    {
                        curve.Add(progress);
                        display.Progress(progress);
                        // Not before the kernels are in order: a fit stopped until then leaves nothing.
                        (watcher ??= logs.Begin(resume?.Step))?.Report(progress);
                    },
                    interruption.Token, checkpoints, resume, new ImmediateProgress(display.Preparing));
            }
            finally
            {
                watcher?.Dispose();
            }
        });
        var interrupted = interruption.Token.IsCancellationRequested;
        if (!ranks.IsFirst)
        {
            // The files are the first one's, maybe on another machine.
            _terminal.Ranks.Finish();
            return interrupted ? _terminal.InterruptedCode : ExitCode.Success;
        }
        if (size is null)
            UnfinishedWork.Report(output, report, path =>
                FitReport.Of(output, evaluation, accuracy, ChoiceNames.Of(options.Precision!), elapsed + clock.Elapsed, curve).Save(path));

        new FitSummary(output, checkpoint, network, best, evaluation, accuracy, elapsed + clock.Elapsed).Write(_terminal.Console);
        if (!interrupted && size is null)
            UnfinishedWork.Delete(_terminal, checkpoints.Path);
        _terminal.Output.WriteLine(interrupted
            ? $"Stopped early; {output} holds the best that was reached{(size is null ? "" : ", not yet as small")}. The same command with --resume goes on."
            : size is null ? $"Wrote {output}." : $"Wrote {output}; now its parameters become integers.");
        logs.End();
        if (!interrupted && size is not null)
            return Rounded(best);
        GoOn();
        _terminal.Ranks.Finish();
        return interrupted ? _terminal.InterruptedCode : ExitCode.Success;

        void CheckOutput(string path)
        {
            if (ranks.IsFirst)
                OutputFile.Check(path, sources);
        }

        int Rounded(NeuralRepresentation fitted)
        {
            var rounded = new CompressOptions
            {
                Size = size!.Value,
                Batch = options.Inputs.Batch,
                Noise = options.Inputs.Noise,
                Precision = options.Precision,
                Seed = options.Seed,
            };
            var code = new CompressionRun(_terminal, output, report, rounding).Run(
                engine, network, inputs, rounded, fitted, unfinished);
            if (code == ExitCode.Success)
                UnfinishedWork.Delete(_terminal, checkpoints.Path);
            GoOn();
            return code;
        }

        void GoOn()
        {
            ImageSettings.ReportUnreadable(_terminal, source);
            _terminal.Output.WriteLine(
                $"Go on with: nern evaluate {ShellWord.Of(output)} --data {(source is null ? "SOURCE" : ShellWord.Of(source.ToString()))} "
                + $"--original {ShellWord.Of(checkpoint)}{(_network.State(result) is { } state ? $" --original-state {ShellWord.Of(state)}" : "")}");
        }
    }
}
