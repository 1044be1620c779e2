using System.CommandLine;
using System.Diagnostics;
using Nern.Cli.Display.Progress;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Orderings;
using Nern.Paths;

namespace Nern.Cli.Commands;

/// <summary><c>nern bench order</c>: orderings of a large network.</summary>
internal sealed class BenchOrderCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly Option<int> _width = LargeNetwork.WidthSetting();
    private readonly Option<bool> _json = Setting.Switch("--json", "Print one JSON object.");

    internal BenchOrderCommand(Terminal terminal)
        : base("order", """
            Times the orderings of a large network.

            The kernels are random and as many as the 3x3 convolutions of torchvision's ResNet-18 have: 1,220,608.
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
    public IReadOnlyList<string> Examples => ["nern bench order --width 16"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Measurement", [_width, _json])];

    private int Run(ParseResult result)
    {
        var generator = new Generator(0);
        OrderingInput[] layers =
        [
            .. LargeNetwork.Layers(result.GetValue(_width)).Select(layer =>
            {
                var weights = new float[layer.Kernels * layer.KernelSize];
                foreach (ref var weight in weights.AsSpan())
                    weight = (float)generator.NextNormal();
                return new OrderingInput(weights, layer.Filters, layer.Channels, layer.KernelSize);
            }),
        ];
        using var interruption = new Interruption(_terminal);
        IReport report = new OrderReport(
            layers.Sum(layer => layer.Kernels), [Time(OrderingKind.InFilter), Time(OrderingKind.CrossFilter)]);
        report.Print(_terminal, result.GetValue(_json));
        return ExitCode.Success;

        (OrderingKind, double) Time(OrderingKind kind)
        {
            var clock = Stopwatch.StartNew();
            WorkDisplay.Show(
                _terminal, $"{ChoiceNames.Of(kind)} ordering",
                progress => OrderingBuilder.BuildAll(kind, layers, progress, interruption.Token));
            return (kind, clock.Elapsed.TotalSeconds);
        }
    }
}
