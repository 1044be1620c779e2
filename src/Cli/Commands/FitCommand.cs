using System.CommandLine;
using System.Diagnostics;
using Nern.Analysis;
using Nern.Cli.Display;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Cli.Sweeps;
using Nern.Data;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Packaging;
using Nern.Training;

namespace Nern.Cli.Commands;

/// <summary><c>nern fit</c>: a checkpoint becomes a .nern file.</summary>
internal sealed class FitCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly NetworkSettings _network = new();
    private readonly ImageSettings _images = new("Images to distil on and to test with");
    private readonly FitSettings _fit = new();

    private readonly Argument<string> _checkpoint = new("CHECKPOINT")
    {
        Description = "The trained network: a safetensors file or a PyTorch checkpoint (.pt, .pth, .th).",
    };

    private readonly Option<string?> _recipe = Setting.Text(
        "--recipe", "NAME|FILE",
        $"Options to start from, which those given here override: {string.Join(" or ", Recipe.Names)}, or a YAML file.");

    private readonly Option<string?> _output = Setting.Text("--output", "FILE", "The .nern file to write.", "-o");

    private readonly Option<string?> _report = Setting.Text(
        "--report", "FILE", "Also write what the fit has come to, and every evaluation on the way, to a file of JSON.");

    internal FitCommand(Terminal terminal)
        : base("fit", """
            Fits a neural representation to a trained network.

            The predictor learns to give the network's convolution kernels, and to make the network behave as the original
            does on images (distillation). No labels are used. The state that comes closest to the original on inputs set
            aside is kept. Ctrl-C stops early and keeps what was reached.
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
    public string Usage => "CHECKPOINT --architecture NAME (--data SOURCE | --noise) -o FILE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern fit resnet20.th --architecture resnet20 --data cifar10:cifar-10-batches-bin -o resnet20.nern",
        "nern fit resnet20.th --architecture resnet20 --noise --hidden 180 --minutes 30 -o resnet20.nern",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Result", [_output, _report]), _network.Group, _images.Group(_fit.Group(ImageOptions.Group).Options), new("Recipe", [_recipe]),
        .. _fit.Groups.Where(group => group.Title != ImageOptions.Group.Title),
    ];

    private int Run(ParseResult result)
    {
        // Everything that can be wrong is looked at before the long work.
        var options = _fit.Read(result, Recipe.Load(result.GetRequiredValue(_recipe)!));
        var (checkpoint, output) = (result.GetRequiredValue(_checkpoint), result.GetRequiredValue(_output)!);
        OutputFile.Check(output, checkpoint);
        var report = result.GetValue(_report);
        if (report is not null)
            OutputFile.Check(report, checkpoint);
        var source = _images.Source(result);
        var normalization = _images.Normalization(result, source);
        var noise = options.Noise != NoiseKind.None;
        if (source is null && !noise && options.Distills)
            throw new NernException("A fit that distils needs --data or --noise; with --kd 0 --fmd 0 it fits the weights alone.");
        if (NernFile.IsNern(checkpoint))
            throw new NernException($"'{checkpoint}' is a neural representation already: fit takes the network's checkpoint.");
        var network = _network.Load(checkpoint, result);
        var inputs = noise || source is null
            ? FitInputs.FromNoise(network.Graph.InputShape, source?.Test, normalization)
            : FitInputs.FromImages(source.Train, normalization!, source.Test);
        using var engine = Engines.Open();
        options = options with { Precision = Engines.Precision(_terminal, engine, options.Precision) };
        var accuracy = source is null ? (Accuracy?)null : AccuracyOf(network, engine, source.Test, normalization!);

        using var interruption = new Interruption(_terminal.Interruption);
        IFitDisplay display = _terminal.IsLive
            ? new LiveFitDisplay(_terminal.Console, options, accuracy)
            : new PlainFitDisplay(_terminal.Output, accuracy);
        interruption.Requested += display.Stopping;
        interruption.Insisted += display.Abandon;
        var clock = Stopwatch.StartNew();
        var curve = new FitCurve();
        var (best, evaluation) = display.Show(() =>
        {
            using var fit = new Fit(engine, network, inputs, options, new ImmediateProgress(display.Ordering), interruption.Token);
            return fit.Run(progress =>
            {
                curve.Add(progress);
                display.Progress(progress);
            }, interruption.Token);
        });
        NernFile.Save(output, best);
        if (report is not null)
            FitReport.Of(output, evaluation, accuracy, options, clock.Elapsed, curve).Save(report);

        new FitSummary(output, checkpoint, best, evaluation, accuracy, clock.Elapsed).Write(_terminal.Console);
        var interrupted = interruption.Token.IsCancellationRequested;
        _terminal.Output.WriteLine(interrupted ? $"Stopped early; {output} holds the best that was reached." : $"Wrote {output}.");
        _terminal.Output.WriteLine(
            $"Go on with: nern evaluate {ShellWord.Of(output)} --data {(source is null ? "SOURCE" : ShellWord.Of(source.ToString()))} "
            + $"--original {ShellWord.Of(checkpoint)}");
        return interrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static Accuracy AccuracyOf(Network network, CpuEngine engine, ImageSet test, Normalization normalization)
    {
        using var classifier = new Classifier(engine, network);
        return Accuracy.Of(classifier.Logits(test, normalization), test.Labels);
    }
}
