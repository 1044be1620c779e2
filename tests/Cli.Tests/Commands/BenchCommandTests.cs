using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    private static readonly string[] SmallStep =
        ["bench", "step", "--architecture", "resnet8", "--hidden", "8", "--batch", "8", "--kernels", "64",
         "--steps", "3", "--precision", "f32"];

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Step_measures_whole_steps_and_allocates_nothing()
    {
        var json = Json([.. SmallStep, "--json"]);

        Assert.Equal(("resnet8", 8, 8, "f32"), (
            (string?)json["architecture"], (int)json["hidden"]!, (int)json["batch"]!, (string?)json["precision"]));
        var (seconds, floors) = (Numbers("seconds"), Numbers("floors"));
        Assert.Equal((3, 3), (seconds.Length, floors.Length));
        Assert.Equal(seconds.Order().ElementAt(1), (double)json["secondsPerStep"]!);
        Assert.Equal(floors.Order().ElementAt(1), (double)json["floorSeconds"]!);
        Assert.Equal(floors.Zip(seconds, (floor, second) => floor / second).Order().ElementAt(1), (double)json["floorShare"]!, 1e-9);
        Assert.Equal((double)json["gflopPerStep"]! / seconds.Order().ElementAt(1), (double)json["gflopPerSecond"]!, 1e-6);
        Assert.InRange((double)json["floorSeconds"]!, 1e-6, 10);
        Assert.InRange((long)json["peakResidentBytes"]!, 1 << 20, 1L << 36);
        Assert.Equal(0, (long)json["allocatedBytesPerStep"]!);

        double[] Numbers(string name) => [.. json[name]!.AsArray().Select(value => (double)value!)];
    }

    [Fact]
    public void Step_tells_where_the_time_goes()
    {
        var pieces = Json([.. SmallStep, "--json"])["pieces"]!.AsArray();

        Assert.Equal(1, pieces.Sum(piece => (double)piece!["share"]!), 1e-6);
        // ResNet-8 has seven 3x3 convolutions and two that only select; the original's run as well. No image wants a gradient.
        var microBatches = Math.Round(Runs("convolution forward") / 18);
        Assert.Contains(microBatches, new double[] { 1, 2, 4, 8 });
        Assert.Equal(18 * microBatches, Runs("convolution forward"), 1e-9);
        Assert.Equal(7 * microBatches, Runs("convolution backward weights"), 1e-9);
        Assert.Equal(8 * microBatches, Runs("convolution backward data"), 1e-9);
        Assert.Equal(1, Runs("optimiser"));

        double Runs(string kind) => (double)pieces.Single(piece => (string?)piece!["kind"] == kind)!["runs"]!;
    }

    [Fact]
    public void Step_counts_the_operations_of_the_graph()
    {
        static double Convolution(int filters, int channels, int size, int kernel) =>
            2.0 * filters * channels * kernel * kernel * size * size;
        var kernels = Convolution(16, 16, 32, 3) * 2 + Convolution(32, 16, 16, 3) + Convolution(32, 32, 16, 3)
            + Convolution(64, 32, 8, 3) + Convolution(64, 64, 8, 3);
        var stem = Convolution(16, 3, 32, 3);
        var selections = Convolution(32, 16, 16, 1) + Convolution(64, 32, 8, 1);
        // Forward twice; backward with respect to weights and, but for the stem, to data.
        var images = 8 * ((4 * kernels) + (3 * stem) + (3 * selections));

        var pieces = Json([.. SmallStep, "--json"])["pieces"]!.AsArray();

        var counted = pieces.Where(piece => ((string)piece!["kind"]!).StartsWith("convolution", StringComparison.Ordinal))
            .Sum(piece => (double)piece!["gflopPerSecond"]! * (double)piece["milliseconds"]! / 1e3);
        Assert.Equal(images / 1e9, counted, 1e-6);
    }

    [Fact]
    public void Step_prints_a_table()
    {
        var answer = _workspace.Run(SmallStep);

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Matches(@"seconds a step  \d+\.\d{4} \(median of 3; ", answer.Output);
        Assert.Matches(@"allocated       0 bytes a step\n", answer.Output);
        Assert.Matches(@"convolution backward data +\d+ +\d+\.\d{3} +\d+\.\d\d % +\d+ +\d+\.\d\d %", answer.Output);
    }

    [Fact]
    public void Order_and_reconstruct_measure_a_network_of_sixteen_layers()
    {
        var answer = _workspace.Run("bench", "order", "--width", "2", "--json");
        foreach (var kind in new[] { "in-filter", "cross-filter" })
            foreach (var part in new[] { 25, 50, 75, 100 })
                Assert.Contains($"nern: {kind} ordering: {part} %\n", answer.Error);
        var order = JsonNode.Parse(answer.Output)!;
        var reconstruct = Json("bench", "reconstruct", "--hidden", "16", "--width", "2", "--json");

        // 2² (4 + 2 + 3·4 + 8 + 3·16 + 32 + 3·64) kernels.
        Assert.Equal((1192, 1192), ((int)order["kernels"]!, (int)reconstruct["kernels"]!));
        Assert.True((double)order["seconds"]!["cross-filter"]! > 0);
        Assert.True((double)order["seconds"]!["in-filter"]! > 0);
        foreach (var precision in reconstruct["precisions"]!.AsArray())
        {
            // Tiles are of one size, so the last may have some rows more than there are kernels left.
            var exact = 1192 * 2.0 * ((3 * 16 * 16) + (16 * 9)) / 1e12;
            Assert.InRange((double)precision!["tflop"]!, exact - 1e-12, 1.005 * exact);
            Assert.True((double)precision["seconds"]! > 0);
            Assert.True((double)precision["floorShare"]! > 0);
        }
    }

    [Theory]
    [InlineData("--steps must be 1 or more; got 0.", "step", "--steps", "0")]
    [InlineData(
        "There is no architecture 'vgg'; known are resnet20, resnet32, resnet44, resnet56, resnet110, resnet18, "
        + "resnet34, resnet50, squeezenet1.0, squeezenet1.1, vgg11-bn, vgg16-bn, mobilenetv2.",
        "step", "--architecture", "vgg")]
    [InlineData("--width must lie between 1 and 128; got 129.", "order", "--width", "129")]
    [InlineData("A command is needed: step, order or reconstruct. See 'nern bench --help'.")]
    [InlineData("There is no option '--hiden'; did you mean '--hidden'? See 'nern bench step --help'.", "step", "--hiden", "8")]
    public void Bad_input_is_one_sentence(string sentence, params string[] arguments)
    {
        var answer = _workspace.Run(["bench", .. arguments]);

        Assert.Equal((ExitCode.BadInput, "", $"nern: {sentence}\n"), (answer.ExitCode, answer.Output, answer.Error));
    }

    private JsonNode Json(params IEnumerable<string> arguments)
    {
        var answer = _workspace.Run(arguments);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        return JsonNode.Parse(answer.Output)!;
    }
}
