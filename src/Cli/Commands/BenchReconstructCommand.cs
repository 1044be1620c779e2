using System.CommandLine;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Engine;
using Nern.Fitting;
using Nern.Profiling;

namespace Nern.Cli.Commands;

/// <summary><c>nern bench reconstruct</c>: the prediction of all kernels of a large network.</summary>
internal sealed class BenchReconstructCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly Option<int> _hidden = Setting.Number("--hidden", "N", 1024, "Hidden size of the predictor.");
    private readonly Option<int> _width = LargeNetwork.WidthSetting();
    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");

    internal BenchReconstructCommand(Terminal terminal)
        : base("reconstruct", """
            Times the prediction of all kernels of a large network, in each precision the processor has.

            The kernels are as many as the 3x3 convolutions of torchvision's ResNet-18 have: 1,220,608. The floor is what the
            matrix products of a tile take when they are run alone, again and again.
            """)
    {
        _terminal = terminal;
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "[options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern bench reconstruct --hidden 1024"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Predictor", [_hidden]), new("Measurement", [_width, _json])];

    private int Run(ParseResult result)
    {
        var layers = LargeNetwork.Layers(result.GetValue(_width));
        var hidden = result.GetValue(_hidden);
        using var engine = Engines.Open();
        Precision[] precisions = engine.SupportsBFloat16 ? [Precision.Float32, Precision.BFloat16] : [Precision.Float32];
        IReport report = new PredictionReport(
            layers.Sum(layer => layer.Kernels), hidden,
            [.. precisions.Select(precision =>
                (precision, Profiler.Prediction(engine, layers, new FitOptions
                    {
                        Predictor = new() { Hidden = hidden },
                        Precision = precision,
                    })))]);
        report.Print(_terminal, result.GetValue(_json));
        return ExitCode.Success;
    }
}
