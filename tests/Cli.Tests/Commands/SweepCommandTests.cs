using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

/// <summary>Sweeps of two rows with two seeds each, each run in a process of its own as ever.</summary>
public sealed class SweepCommandTests : IDisposable
{
    private const string Plan =
        """
        title: Tiny
        network: tiny.safetensors
        architecture: resnet8
        data: cifar10:${IMAGES}
        options: { hidden: 8, steps: 3, batch: 8, kernels: 64 }
        paper-budget: { steps: 4 }
        seeds: [0, 1]
        rows:
          - name: all losses
            paper: 91.04
          - { name: weights alone, options: { kd: 0, fmd: 0 } }
        """;

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public SweepCommandTests() => _workspace.Write("plan.yaml", Plan);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_sweep_writes_a_line_for_each_run_and_tables()
    {
        var answer = Sweep();

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("weights alone, seed 1: accuracy", answer.Output);
        Assert.Contains("4 of 4 done", answer.Output);
        Assert.Equal(
            ["all losses 0", "weights alone 0", "all losses 1", "weights alone 1"],
            Lines().Select(line => $"{line["row"]} {line["seed"]}"));
        Assert.All(Lines(), line => Assert.Equal(64, (int)line["result"]!["original"]!["count"]!));
        Assert.All(Lines(), line => Assert.InRange(line["curve"]!.AsArray().Count, 1, 4));
        Assert.Equal("""{"batch":"8","steps":"3","hidden":"8","kd":"0","fmd":"0","kernels":"64"}""", Lines()[1]["options"]!.ToJsonString());
        var table = File.ReadAllText(_workspace.Path("out/table.md"));
        Assert.Contains($"nern sweep {_workspace.Path("plan.yaml")} -o {_workspace.Path("out")} --set IMAGES=", table);
        Assert.Contains(" ± ", table);
        Assert.Contains("| 91.04 |", table);
        Assert.Equal(3, File.ReadLines(_workspace.Path("out/table.csv")).Count());
        Assert.InRange(File.ReadLines(_workspace.Path("out/curves.csv")).Count(), 5, 17);
        Assert.False(Directory.EnumerateFiles(_workspace.Path("out/runs"), "*.nern").Any());
    }

    [Fact]
    public void A_sweep_that_was_interrupted_goes_on()
    {
        using var output = new InterruptingWriter("1 of 4 done");
        var interrupted = _workspace.Run(output, output.Interruption, Arguments());
        Assert.Equal((ExitCode.Interrupted, ""), (interrupted.ExitCode, interrupted.Error));
        Assert.Contains("the same command goes on", interrupted.Output);
        var before = File.ReadAllText(_workspace.Path("out/runs.jsonl"));
        Assert.InRange(Lines().Count, 1, 3);

        Assert.Equal(ExitCode.Success, Sweep("--jobs", "2").ExitCode);

        Assert.StartsWith(before, File.ReadAllText(_workspace.Path("out/runs.jsonl")));
        Assert.Equal(4, Lines().Select(line => (string)line["id"]!).Distinct().Count());
        Assert.Equal(4, Lines().Count);
    }

    [Fact]
    public async Task A_sweep_that_was_killed_goes_on_and_leaves_no_process_behind()
    {
        // The last run would take longer than anyone waits: only the end of its parent can end it.
        _workspace.Write(
            "plan.yaml", Plan.Replace("{ kd: 0, fmd: 0 }", "{ steps: 1000000000, evaluate-every: 2 }", StringComparison.Ordinal));
        var host = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        using var process = Process.Start(new ProcessStartInfo(
            host, [typeof(CommandLine).Assembly.Location, .. Arguments().Select(_workspace.Resolve)])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line
            && !line.Contains("weights alone, seed 0: 0:00", StringComparison.Ordinal))
        {
        }
        process.Kill();
        await process.WaitForExitAsync();
        // Ended early, the fit writes what it has reached.
        for (var waited = 0; !Directory.EnumerateFiles(_workspace.Path("out/runs"), "*.nern").Any(); waited++)
        {
            Assert.InRange(waited, 0, 600);
            await Task.Delay(100);
        }
        Assert.Single(Lines());

        _workspace.Write("plan.yaml", Plan);
        Assert.Equal(ExitCode.Success, Sweep().ExitCode);
        Assert.Equal(4, Lines().Count);
    }

    [Fact]
    public void More_seeds_and_chosen_rows_add_to_the_table()
    {
        Assert.Equal(ExitCode.Success, Sweep("--only", "weights alone").ExitCode);
        Assert.Equal(["weights alone 0", "weights alone 1"],
            Lines().Select(line => $"{line["row"]} {line["seed"]}"));

        Assert.Equal(ExitCode.Success, Sweep("--only", "weights alone", "--seeds", "7", "--keep-files").ExitCode);

        Assert.Equal(3, Lines().Count);
        Assert.Contains("| weights alone | 3 |", File.ReadAllText(_workspace.Path("out/table.md")));
        Assert.Contains("| all losses | 0 |", File.ReadAllText(_workspace.Path("out/table.md")));
        Assert.Equal(
            $"{Lines()[2]["id"]}.nern",
            Path.GetFileName(Assert.Single(Directory.EnumerateFiles(_workspace.Path("out/runs"), "*.nern"))));
    }

    [Fact]
    public void A_dry_run_lists_and_does_nothing()
    {
        var answer = Sweep("--dry-run", "--paper-budget", "--seeds", "3");

        Assert.Equal(
            """
            1. all losses, seed 3: to do  [--batch 8 --steps 4 --hidden 8 --kernels 64 --seed 3]
            2. weights alone, seed 3: to do  [--batch 8 --steps 4 --hidden 8 --kd 0 --fmd 0 --kernels 64 --seed 3]
            2 runs, 2 to do.

            """, Regex.Replace(answer.Output, "  [0-9a-f]{12}-3\n", "\n"));
        Assert.False(Directory.Exists(_workspace.Path("out")));
    }

    [Fact]
    public void A_list_has_a_command_for_each_run_that_is_left_and_each_does_its_own()
    {
        Assert.Equal(ExitCode.Success, Sweep("--only", "2").ExitCode);
        Assert.Equal(["weights alone 0"], Lines().Select(line => $"{line["row"]} {line["seed"]}"));

        var listed = Sweep("--list", "--only", "weights alone", "--only", "1").Output.TrimEnd('\n').Split('\n');

        Assert.Equal(["1", "4"], listed.Select(line => line.Split(' ')[^1]));
        Assert.All(listed, line => Assert.StartsWith($"nern sweep {_workspace.Path("plan.yaml")} -o {_workspace.Path("out")} ", line));
        Assert.DoesNotContain("--list", string.Join(' ', listed));
        foreach (var line in listed)
            Assert.Equal(ExitCode.Success, _workspace.Run(line.Split(' ')[1..]).ExitCode);
        Assert.Equal(["all losses 0", "weights alone 0", "weights alone 1"], Lines().Select(line => $"{line["row"]} {line["seed"]}").Order());
    }

    [Fact]
    public void A_run_that_fails_is_in_the_table_and_the_others_are_done()
    {
        _workspace.Write("plan.yaml", Plan.Replace("{ kd: 0, fmd: 0 }", "{ warmup: 0, kd: 1e300 }", StringComparison.Ordinal));

        var answer = Sweep("--seeds", "0");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.StartsWith("nern: 1 of 2 runs failed", answer.Error);
        Assert.Contains("The fit diverged", (string)Lines()[1]["error"]!);
        Assert.Contains("| weights alone | 0 (1 failed) |", File.ReadAllText(_workspace.Path("out/table.md")));
        Assert.Contains("- weights alone, seed 0: The fit diverged", File.ReadAllText(_workspace.Path("out/table.md")));
        Assert.DoesNotContain("started", Sweep("--seeds", "0").Output);
        Assert.Contains("weights alone, seed 0: started", Sweep("--seeds", "0", "--retry-failed").Output);
    }

    [Theory]
    [InlineData("--only: the plan has no row 'all loses'; did you mean 'all losses'?", "--only", "all loses")]
    [InlineData("--only: the plan's runs are 1 to 4; got 5.", "--only", "5")]
    [InlineData("--seeds takes whole numbers with commas between them, such as 0,1,2; got '0;1'.", "--seeds", "0;1")]
    [InlineData("--jobs must be from 1 to", "--jobs", "0")]
    [InlineData("--set takes NAME=VALUE", "--set", "DATA")]
    public void What_cannot_be_is_said(string problem, params string[] options)
    {
        var answer = Sweep(options);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.StartsWith($"nern: {problem}", answer.Error);
        Assert.False(Directory.Exists(_workspace.Path("out")));
    }

    [Fact]
    public void Missing_images_are_found_before_any_run()
    {
        var answer = _workspace.Run("sweep", "@plan.yaml", "-o", "@out", "--set", "IMAGES=@nowhere");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("nowhere", answer.Error);
        Assert.False(Directory.Exists(_workspace.Path("out")));
    }

    private Answer Sweep(params string[] more) => _workspace.Run(Arguments(more));

    private static string[] Arguments(params string[] more) => ["sweep", "@plan.yaml", "-o", "@out", "--set", "IMAGES=@cifar", .. more];

    private List<JsonNode> Lines() => [.. File.ReadLines(_workspace.Path("out/runs.jsonl")).Select(line => JsonNode.Parse(line)!)];
}
