using System.Reflection;
using Nern.Cli.Shell;
using Nern.Sweeps;
using Nern.Tests.Floors;

namespace Nern.Cli.Tests;

/// <summary>Folders use folders below them and no others.</summary>
public class FloorsTests
{
    private static readonly FloorPlan Plan = new(
        "Nern.Sweeps.Results",
        "Nern.Sweeps.Plans",
        "Nern.Sweeps.Tables",
        "Nern.Sweeps",
        "Nern.Cli.Shell",
        "Nern.Cli.Options",
        "Nern.Cli.Recipes",
        "Nern.Cli.Help",
        "Nern.Cli.Display.Progress",
        "Nern.Cli.Display.Reports",
        "Nern.Cli.Pages",
        "Nern.Cli.Commands",
        "Nern.Cli");

    public static TheoryData<string> Assemblies => [typeof(Sweep).Assembly.GetName().Name!, typeof(Terminal).Assembly.GetName().Name!];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_folder_uses_one_above_it(string assembly)
    {
        Assert.Empty(Plan.Violations(Assembly.Load(assembly)));
        Assert.Empty(Plan.Unplanned(Assembly.Load(assembly)));
    }

    [Fact]
    public void The_commands_use_all_others_and_would_be_refused_below_them()
    {
        var reversed = new FloorPlan("Nern.Cli.Commands", "Nern.Cli.Options", "Nern.Sweeps");

        Assert.Contains(
            "Nern.Cli.Commands.SweepCommand uses Nern.Sweeps.Sweep: Nern.Sweeps is above Nern.Cli.Commands",
            reversed.Violations(typeof(Terminal).Assembly));
    }
}
