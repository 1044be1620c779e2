using System.CommandLine;
using System.Diagnostics;
using Nern.Cli.Display.Progress;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.NetworkFiles;
using Nern.Pruning;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Cli.Commands;

/// <summary><c>nern prune</c>: the smallest weights of a predictor, or of a network, become 0.</summary>
internal sealed class PruneCommand : Command, IDocumented
{
    // Chosen by the divergence on inputs set aside (docs/pruning.md).
    private const double FineTuningRate = 5e-3;

    private readonly Terminal _terminal;
    private readonly NetworkSettings _network = new("--image-size");
    private readonly ImageSettings _images = new("Images to fine-tune on and to test with");

    private readonly Argument<string> _file = new("FILE.nern|NETWORK")
    {
        Description = "A .nern file, whose predictor is pruned, or a network, as fit takes it, whose convolutions are.",
    };

    private readonly Option<string?> _output = Setting.Text(
        "--output", "FILE", "The file to write: .nern of a .nern file, else .safetensors, .pth or .onnx.", "-o");

    private readonly Option<double?> _sparsity = Setting.OptionalNumber<double>(
        "--sparsity", "SHARE", "The share of weights that become 0, from 0 to 1: the smallest; biases stay.");

    private readonly Option<PruningScope> _scope = Setting.Choice(
        "--scope", PruningScope.Layer, "Whether the smallest weights of each layer are looked for, or of all, as in the paper.");

    private readonly Option<double?> _fineTune = Setting.OptionalNumber<double>(
        "--fine-tune", "MINUTES", "Of a .nern file: then fit it again for so long, with the zeros kept. Takes --original and --data or --noise.");

    private readonly Option<string?> _original = Setting.Text("--original", "NETWORK", "The network that the .nern file was fitted to.");
    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();

    private readonly Option<NoiseKind> _noise = Setting.Choice(
        "--noise", NoiseKind.None, "Fine-tune on noise instead of images: uniform, or fractal.");

    private readonly Option<ulong> _seed = Setting.Number("--seed", "S", 0UL, "Seed of all randomness of fine-tuning.");

    private readonly Option<bool> _resume = Setting.Switch(
        "--resume", "Go on with fine-tuning from FILE.checkpoint, to the same result as if it had not stopped.");

    internal PruneCommand(Terminal terminal)
        : base("prune", """
            Sets the smallest weights of a predictor, or of a network, to 0.

            In a .nern file zeros take a bit each (the paper's figure 5, left: meta-compression). Without --fine-tune nothing is looked at
            but magnitudes; with it the predictor is fitted to the weights again and distils, and what is 0 stays so. A network that
            was pruned may be fitted like any other.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        _sparsity.Required = true;
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE.nern|NETWORK --sparsity SHARE -o FILE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern prune resnet56.nern --sparsity 0.4 -o pruned.nern",
        "nern prune resnet56.nern --sparsity 0.4 --fine-tune 2 --original resnet56.th --data cifar10:cifar-10-batches-bin -o pruned.nern",
        "nern prune resnet20.th --architecture resnet20 --sparsity 0.5 -o pruned.safetensors",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Pruning", [_output, _sparsity, _scope]), FineTuning, _network.Group, _images.Group];

    private OptionGroup FineTuning => new("Fine-tuning", [_fineTune, _original, _originalState, _noise, _seed, _resume]);

    private int Run(ParseResult result)
    {
        var (file, output) = (result.GetRequiredValue(_file), result.GetRequiredValue(_output)!);
        var (sparsity, scope) = (result.GetRequiredValue(_sparsity)!.Value, result.GetValue(_scope));
        if (!(sparsity is >= 0 and <= 1))
            throw new NernException($"{_sparsity.Name} takes a share from 0 to 1; got {sparsity}.");
        var minutes = result.GetValue(_fineTune);
        if (!(minutes is null or > 0))
            throw new NernException($"{_fineTune.Name} takes minutes above 0; got {minutes}.");
        OutputFile.Check(output, file);
        Option[] tuning = [.. FineTuning.Options, .. _images.Group.Options];
        if (!NernFile.IsNern(file))
        {
            NetworkSettings.CheckAbsent(file, "no .nern file", tuning, result);
            var network = _network.Load(_terminal, file, result, null).Prune(sparsity, scope);
            NetworkFile.Save(output, network);
            _terminal.Output.WriteLine($"Wrote {output}: {sparsity:P0} of its convolutions' weights are 0.");
            return ExitCode.Success;
        }
        _network.CheckAbsent(file, result);
        if (minutes is null)
            NetworkSettings.CheckAbsent(file, $"not fine-tuned without {_fineTune.Name}", tuning, result);
        var pruned = NernFile.Load(file).Prune(sparsity, scope);
        if (minutes is { } budget)
            return FineTune(result, pruned, file, output, budget);
        NernFile.Save(output, pruned);
        return Written(output, file, pruned);
    }

    private int FineTune(ParseResult result, NeuralRepresentation pruned, string file, string output, double minutes)
    {
        var named = result.GetValue(_original)
            ?? throw new NernException($"{_fineTune.Name} distils: give the network that '{file}' was fitted to as {_original.Name}.");
        var noise = result.GetValue(_noise);
        var source = _images.Source(result);
        if (source is null && noise == NoiseKind.None)
            throw new NernException($"{_fineTune.Name} distils: give it --data or --noise.");
        var checkpoints = new SavingOptions { Path = $"{output}.checkpoint", Result = output };
        foreach (var written in new[] { output, checkpoints.Path })
            OutputFile.Check(written, file, named);
        var network = OriginalNetwork.Load(_terminal, named, result.GetValue(_originalState), pruned.Graph, pruned);
        source = source?.For(network.Graph.InputShape);
        var inputs = _images.Inputs(_terminal, result, network.Graph, source, noise, pruned.Provenance);
        using var engine = Engines.Open();
        var options = new FitOptions
        {
            Predictor = new FitStart(pruned).Options(new()),
            Inputs = new() { Noise = noise },
            Optimizer = new() { KeepZeros = true, LearningRate = FineTuningRate },
            Budget = new() { Steps = 0, Minutes = minutes },
            Precision = Engines.Precision(_terminal, engine, null),
            Seed = result.GetValue(_seed),
        };
        var resume = UnfinishedWork.Find(_terminal, checkpoints.Path, result.GetValue(_resume)) ? UnfinishedFit.Load(checkpoints.Path) : null;
        var fit = new Fit(engine, network, inputs, options, pruned);
        var accuracy = fit.OriginalAccuracy;
        var display = FitDisplay.Of(_terminal, options, accuracy);
        using var interruption = new Interruption(_terminal, display);
        var clock = Stopwatch.StartNew();
        var (best, evaluation) = display.Show(() => fit.Run(
            display.Progress, interruption.Token, checkpoints, resume, new ImmediateProgress(display.Preparing)));
        new FitSummary(output, named, network, best, evaluation, accuracy, (resume?.Elapsed ?? default) + clock.Elapsed).Write(_terminal.Console);
        ImageSettings.ReportUnreadable(_terminal, source);
        if (interruption.Token.IsCancellationRequested)
        {
            _terminal.Output.WriteLine($"Stopped early; {output} holds the best that was reached. The same command with --resume goes on.");
            return _terminal.InterruptedCode;
        }
        UnfinishedWork.Delete(_terminal, checkpoints.Path);
        return Written(output, file, best);
    }

    private int Written(string output, string file, NeuralRepresentation pruned)
    {
        var weights = pruned.Design!.Shape.Weights.SelectMany(weight => pruned.Parameters.Slice(weight.Offset, weight.Count).ToArray()).ToList();
        _terminal.Output.WriteLine(
            $"Wrote {output}: {Figures.Count(weights.Count(weight => weight == 0))} of {Figures.Count(weights.Count)} weights are 0, "
            + $"{Figures.Bytes(new FileInfo(output).Length)} instead of {Figures.Bytes(new FileInfo(file).Length)}.");
        return ExitCode.Success;
    }
}
