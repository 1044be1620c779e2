using System.CommandLine;
using Nern.Cli.Display.Progress;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.Files;
using Nern.Kernels;
using Nern.Networks.Architectures;
using Nern.Runs;
using Nern.Training;

namespace Nern.Cli.Commands;

/// <summary><c>nern train</c>: an architecture and images become a checkpoint.</summary>
internal sealed class TrainCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly ImageSettings _images = new("Images to train on and to test with");
    private readonly EntrySettings<TrainOptions> _train = new();

    private readonly Argument<string> _architecture = new("ARCHITECTURE")
    {
        Description = $"What to train: {string.Join(", ", ArchitectureRegistry.Trainable)}.",
    };

    private readonly Option<Shortcut> _shortcut = Setting.Choice(
        "--shortcut", Shortcut.A, "Shortcuts of a ResNet for CIFAR where the shape changes: A without parameters, B a 1x1 convolution.");

    private readonly Option<string?> _output = Setting.Text("--output", "FILE", "The safetensors file to write.", "-o");

    private readonly Option<bool> _resume = Setting.Switch(
        "--resume", "Go on from FILE.checkpoint, which an unfinished training leaves, to the same result as if it had not stopped.");

    private readonly Option<double> _checkpointMinutes = Setting.Number(
        "--checkpoint-minutes", "M", 1.0, "Minutes between two checkpoints: the most that a crash costs.");

    private readonly Option<string?> _report = Setting.Text(
        "--report", "FILE", "Also write what the training has come to, and every epoch on the way, to a file of JSON.");

    internal TrainCommand(Terminal terminal)
        : base("train", """
            Trains an original: a network that classifies images.

            Cross-entropy, batch normalisation by the batch, an evaluation after each epoch. With --smoothness neighbouring
            kernels are made alike, which makes the network easier to represent. Ctrl-C, SIGTERM and SIGHUP stop early and
            keep what was reached; --resume goes on, after a crash too.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        _images.Require();
        Add(_architecture);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "ARCHITECTURE --data SOURCE -o FILE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern train resnet20 --data shapes -o shapes20.safetensors",
        "nern train resnet20 --data cifar10:cifar-10-batches-bin --epochs 100 --smoothness 5e-6 -o smooth20.safetensors",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Result", [_output, _report, _resume, _checkpointMinutes]), new("Network", [_shortcut]),
        _images.Group, .. _train.Groups,
    ];

    private int Run(ParseResult result)
    {
        // Everything that can be wrong is looked at before the long work.
        var options = _train.Read(result, new()).Validate();
        var (architecture, output) = (result.GetRequiredValue(_architecture), result.GetRequiredValue(_output)!);
        var checkpoints = new SavingOptions
        {
            Path = $"{output}.checkpoint",
            Result = output,
            Minutes = result.GetValue(_checkpointMinutes),
        };
        var report = result.GetValue(_report);
        foreach (var file in new[] { output, checkpoints.Path, report }.OfType<string>())
            OutputFile.Check(file);
        var named = _images.Source(result)!;
        // Pictures of a folder are of any size: then they are cut to what the architecture usually takes.
        var size = named is ImageFolderSource ? ArchitectureRegistry.UsualSize(architecture) : named.Train.Height;
        var graph = ArchitectureRegistry.Build(architecture, result.GetValue(_shortcut), named.Train.Classes, size);
        var source = named.For(graph.InputShape);
        var inputs = new TrainInputs(source.Train, _images.Normalization(result, graph.InputShape.Channels, source)!, source.Test);
        ImageSettings.ReportUse(_terminal, graph, source.Train, source.Test);
        using var engine = Engines.Open();
        options = options with { Precision = Engines.Precision(_terminal, engine, options.Precision) };
        var resume = UnfinishedWork.Find(_terminal, checkpoints.Path, result.GetValue(_resume))
            ? UnfinishedTraining.Load(checkpoints.Path)
            : null;

        IProgressDisplay<TrainProgress> display = _terminal.IsLive
            ? new LiveDisplay<TrainProgress>(_terminal.Console, new TrainView())
            : new PlainTrainDisplay(_terminal.Output);
        using var interruption = new Interruption(_terminal, display);
        var epochs = new List<TrainEvaluation>();
        var (_, evaluation) = display.Show(() =>
        {
            using var trainer = new Trainer(engine, graph, inputs, options, resume);
            return trainer.Run(
                progress =>
                {
                    if (progress.Evaluation is { } last && last != epochs.LastOrDefault())
                        epochs.Add(last);
                    display.Progress(progress);
                },
                interruption.Token, checkpoints);
        });
        UnfinishedWork.Report(output, report, path =>
            AtomicFile.Write(path, stream => stream.Write(TrainReport.Of(output, architecture, options, evaluation, epochs))));

        var interrupted = interruption.Token.IsCancellationRequested;
        if (!interrupted)
            UnfinishedWork.Delete(_terminal, checkpoints.Path);
        _terminal.Output.WriteLine(
            $"Kept epoch {Figures.Short(evaluation.Epoch)} of {options.Epochs}: "
            + (evaluation.Validation is { } validation ? $"validation {validation}, " : "") + $"test {evaluation.Test}.");
        ImageSettings.ReportUnreadable(_terminal, source);
        _terminal.Output.WriteLine(interrupted
            ? $"Stopped early; {output} holds the best that was reached. The same command with --resume goes on."
            : $"Wrote {output}.");
        if (LearnableLayer.AllOf(graph).Count > 0)
            _terminal.Output.WriteLine(
                $"Go on with: nern fit {ShellWord.Of(output)} --architecture {architecture} "
                + (source.Train.Height == ArchitectureRegistry.UsualSize(architecture) ? "" : $"--size {source.Train.Height} ")
                + $"--data {ShellWord.Of(source.ToString())} "
                + $"-o {ShellWord.Of(Path.ChangeExtension(output, ".nern"))}");
        return interrupted ? _terminal.InterruptedCode : ExitCode.Success;
    }
}
