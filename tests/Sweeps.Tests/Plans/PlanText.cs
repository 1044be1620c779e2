using Nern.Cli.Tests.Support;
using Nern.Sweeps.Plans;

namespace Nern.Sweeps.Tests.Plans;

/// <summary>Plans as text.</summary>
internal static class PlanText
{
    /// <summary>The keys that every plan has, but for its rows.</summary>
    internal const string Start =
        """
        title: Losses
        network: models/tiny.safetensors
        architecture: resnet8
        options: { hidden: 8, steps: 3 }
        seeds: [0, 1]

        """;

    /// <summary>Reads a plan from <c>plan.yaml</c> in the workspace.</summary>
    internal static SweepPlan ReadPlan(this Workspace workspace, string text, params string[] settings) =>
        PlanReader.Read(workspace.Write("plan.yaml", text), Variables.Parse(settings));
}
