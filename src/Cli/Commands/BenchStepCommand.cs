using System.CommandLine;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Engine;
using Nern.Fitting;
using Nern.Networks.Architectures;
using Nern.Optimizers;
using Nern.Orderings;
using Nern.Predictor;
using Nern.Profiling;

namespace Nern.Cli.Commands;

/// <summary><c>nern bench step</c>: whole training steps, and where their time goes.</summary>
internal sealed class BenchStepCommand : Command, IDocumented, IShared
{
    // What the released code's time of a step is of.
    private const int PaperBatch = 256;

    private static readonly FitOptions Preset = new();

    private readonly Terminal _terminal;
    private readonly Option<string?> _architecture = Setting.Text(
        "--architecture", "NAME", $"The network: {string.Join(", ", ArchitectureRegistry.Names)}.");
    private readonly Option<int?> _size = Setting.OptionalNumber<int>(
        "--size", "N", "Rows and columns of its images (default: 32 for a ResNet for CIFAR, else 224).");
    private readonly Option<string?> _layers = Setting.Text(
        "--layers", "TERMS", "Convolutions that are predicted, such as kernel=3x3 (default: all).");
    private readonly Option<int> _hidden = Setting.Number("--hidden", "N", Preset.Predictor.Hidden, "Hidden size of the predictor.");
    private readonly Option<int> _batch = Setting.Number("--batch", "N", PaperBatch, "Images a step distils on.");
    private readonly Option<int> _kernels = Setting.Number("--kernels", "N", Preset.Sampling.Kernels, "Kernels a step takes gradients of.");
    private readonly Option<double> _refresh = Setting.Number(
        "--refresh", "SHARE", Preset.Sampling.Refresh,
        "The share of all kernels that a step predicts, besides those it takes gradients of.");
    private readonly Option<Activation> _activation = Setting.Choice(
        "--activation", Activation.Relu, "What follows the predictor's hidden layers; the paper's step has ReLU.");
    private readonly Option<OptimizerKind> _optimizer = Setting.Choice("--optimizer", OptimizerKind.Ranger, "The optimiser.");
    private readonly Option<Precision?> _precision = Setting.OptionalChoice<Precision>(
        "--precision", "Precision of the networks (default: bf16 where the processor has it, else f32).");
    private readonly Option<int> _steps = Setting.Number("--steps", "N", 20, "Steps to measure.");
    private readonly Option<bool> _wholeBatch = Setting.Switch(
        "--whole-batch", "Measure the floor of the networks' primitives without micro-batches as well; takes memory.");
    private readonly Option<bool> _weightsAlone = Setting.Switch(
        "--weights-alone", "Steps on the weights alone, as before distillation joins.");
    private readonly ThreadSetting _threads = new();
    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");

    internal BenchStepCommand(Terminal terminal)
        : base("step", """
            Times whole training steps of a fit that distils.

            A step predicts all kernels, runs the original and its reconstruction on noise, takes the three losses and their
            gradient, and moves the predictor. The floor is what the step's primitives take when each is run alone, again and
            again; the table shows each kind of work, the longest first. Started by mpirun (MPICH's), all ranks share the
            steps, and the first shows its own time.
            """)
    {
        _terminal = terminal;
        _architecture.DefaultValueFactory = _ => ArchitectureRegistry.Names[0];
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "[options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern bench step --architecture resnet56 --hidden 280 --batch 64 --precision bf16"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Step", [_architecture, _size, _layers, _hidden, _batch, _kernels, _refresh, _activation, _optimizer, _precision, _weightsAlone]),
        new("Measurement", [_steps, _wholeBatch, _json]), _threads.Group,
    ];

    private int Run(ParseResult result)
    {
        var ranks = _terminal.Ranks.Open();
        var steps = result.GetValue(_steps);
        if (steps < 1)
            throw new NernException($"--steps must be 1 or more; got {steps}.");
        var architecture = result.GetRequiredValue(_architecture)!;
        var options = new FitOptions
        {
            Predictor = new()
            {
                Layers = result.GetValue(_layers) is { } layers ? LayerSelection.Parse(layers) : LayerSelection.All,
                Hidden = result.GetValue(_hidden),
                Activation = result.GetValue(_activation),
                // No step is quicker for a better order.
                Ordering = OrderingKind.None,
            },
            Inputs = new() { Batch = result.GetValue(_batch) },
            Sampling = new()
            {
                Kernels = result.GetValue(_kernels),
                DistillationKernels = result.GetValue(_kernels),
                Refresh = result.GetValue(_refresh),
            },
            Optimizer = new() { Kind = result.GetValue(_optimizer) },
            Precision = result.GetValue(_precision),
            Budget = new() { Steps = steps },
            Objective = result.GetValue(_weightsAlone) ? new() { Kd = 0, Fmd = 0 } : new(),
        }.Validate();
        var graph = ArchitectureRegistry.Build(architecture, result.GetValue(_size));
        _threads.Apply(result, _terminal.Ranks.Launch);
        using var engine = Engines.Open();
        options = options with { Precision = Engines.Precision(_terminal, engine, options.Precision) };
        using var interruption = new Interruption(_terminal);
        IReport report = new StepReport(
            architecture, options, Profiler.TrainingStep(engine, graph, options, steps, ranks, result.GetValue(_wholeBatch), interruption.Token), ranks.Size);
        report.Print(_terminal, result.GetValue(_json));
        _terminal.Ranks.Finish();
        return ExitCode.Success;
    }
}
