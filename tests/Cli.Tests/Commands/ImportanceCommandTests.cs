using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class ImportanceCommandTests : IDisposable
{
    // Of a ResNet-8: 16 at first, then two for each block of 16, 32 and 64.
    private const int Filters = 16 + (2 * (16 + 32 + 64));

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public ImportanceCommandTests() => _workspace.Fit("--no-log");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Filters_of_a_layer_have_the_error_that_evaluate_shows_of_the_layer()
    {
        var importance = Json("--data", "cifar10:@cifar");
        var evaluation = JsonNode.Parse(_workspace.Run(
            "evaluate", "@tiny.nern", "--original", "@tiny.safetensors", "--data", "cifar10:@cifar", "--json").Output)!;

        var filters = importance["filters"]!.AsArray();
        Assert.Equal(Filters, filters.Count);
        foreach (var layer in evaluation["layers"]!.AsArray())
        {
            var own = filters.Where(filter => (string)filter!["layer"]! == (string)layer!["name"]!).ToList();
            Assert.Equal(Enumerable.Range(0, own.Count), own.Select(filter => (int)filter!["filter"]!));
            var distance = own.Sum(filter => Math.Pow((double)filter!["norm"]! * (double)filter["relativeError"]!, 2));
            var norm = own.Sum(filter => Math.Pow((double)filter!["norm"]!, 2));
            Assert.Equal((double)layer!["relativeError"]!, Math.Sqrt(distance / norm), 9);
        }
        Assert.Equal(TinyModel.Images, (int)importance["images"]!);
        Assert.All(filters, filter => Assert.True((double)filter!["meanActivation"]! >= 0));
        foreach (var kind in new[] { "pearson", "spearman", "spearmanWithinLayers" })
        {
            var found = importance["correlation"]![kind]!;
            Assert.Equal(Filters, (int)found["filters"]!);
            Assert.InRange((double)found["value"]!, (double)found["low"]!, (double)found["high"]!);
        }
        Assert.Equal(64, importance["embeddingSimilarity"]!["normalized"]!.AsArray().Count);
        Assert.Equal(1, (double)importance["embeddingSimilarity"]!["normalized"]![31]!);
    }

    [Fact]
    public void Csv_has_a_line_for_each_filter()
    {
        var lines = Run("--csv").Output.TrimEnd().Split('\n');

        Assert.Equal("layer,filter,norm,relative_error,mean_activation", lines[0]);
        Assert.Equal(Filters + 1, lines.Length);
        Assert.Matches(@"^conv1,0,\d+\.\d+,\d+\.\d+,$", lines[1]);
        Assert.Matches(@"^layer3\.0\.conv2,63,\d+\.\d+,\d+\.\d+,\d+\.\d+$",
            Run("--csv", "--data", "cifar10:@cifar").Output.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public void Without_images_the_rest_is_shown_and_what_is_missing_is_said()
    {
        var answer = Run();

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Matches(@"layer1\.0\.conv2 +16 +\d\.\d{4} +\d\.\d{4} +\d\.\d{4}", answer.Output);
        Assert.Contains("With --data SOURCE", answer.Output);
        Assert.Null(Json()["correlation"]);
        Assert.Contains("Spearman within layers  ", Run("--data", "cifar10:@cifar").Output);
    }

    [Theory]
    [InlineData("--json and --csv are two forms of one "
        + $"thing", "importance", "@tiny.nern", "--original", "@tiny.safetensors", "--json", "--csv")]
    [InlineData("Option '--original' is required.", "importance", "@tiny.nern")]
    [InlineData("is not a .nern file", "importance", "@tiny.safetensors", "--original", "@tiny.safetensors")]
    [InlineData("'@gone' cannot be read", "importance", "@tiny.nern", "--original", "@gone")]
    public void What_is_wrong_is_said_in_one_sentence(string sentence, params string[] arguments)
    {
        var answer = _workspace.Run(arguments);

        Assert.Equal((ExitCode.BadInput, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(_workspace.Resolve(sentence), answer.Error);
        Assert.Single(answer.Error, '\n');
    }

    private Answer Run(params string[] more) => _workspace.Run(["importance", "@tiny.nern", "--original", "@tiny.safetensors", .. more]);

    private JsonNode Json(params string[] more)
    {
        var answer = Run(["--json", .. more]);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        return JsonNode.Parse(answer.Output)!;
    }
}
