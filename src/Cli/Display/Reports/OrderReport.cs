using System.Text.Json.Nodes;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Orderings;

namespace Nern.Cli.Display.Reports;

/// <summary>What <c>nern bench order</c> prints.</summary>
/// <param name="Kernels">How many kernels were ordered.</param>
/// <param name="Times">Seconds of each kind.</param>
internal sealed record OrderReport(int Kernels, IReadOnlyList<(OrderingKind Kind, double Seconds)> Times) : IReport
{
    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["kernels"] = Kernels,
        ["seconds"] = new JsonObject(Times.Select(time => KeyValuePair.Create(ChoiceNames.Of(time.Kind), (JsonNode?)time.Seconds))),
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        terminal.Output.WriteLine($"{Figures.Count(Kernels)} kernels");
        foreach (var (kind, seconds) in Times)
            terminal.Output.WriteLine($"{ChoiceNames.Of(kind),-14}{Figures.Fixed(seconds, 2),8} s");
    }
}
