using System.Text.RegularExpressions;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;

namespace Nern.Cli.Tests.Commands;

public sealed class ReportCommandTests : IDisposable
{
    // Of a ResNet-8.
    private const int Layers = 7;

    private static readonly string[] Sections =
        ["accuracy", "size", "fit", "curves", "layers", "kernels", "importance", "embedding", "orders", "compare"];

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_page_of_all_inputs_leaves_nothing_out()
    {
        _workspace.Fit();
        _workspace.Run(TinyModel.FitArguments("--no-log", "--hidden", "9", "-o", "@other.nern"));
        var page = Report("--original", "@tiny.safetensors", "--data", "cifar10:@cifar", "--compare", "@other.nern");

        Assert.All(Sections, section => Assert.Contains($"<section id=\"{section}\">", page));
        Assert.DoesNotContain("class=\"missing\"", page);
        // Original, reconstruction and difference of each layer; each order before and after.
        Assert.Equal((3 + 2) * Layers, Regex.Count(page, "src=\"data:image/png;base64,"));
        Assert.Equal(3, Regex.Count(page, "<select data-panels="));
        // Losses, accuracies, errors; importance; similarity.
        Assert.Equal(5, Regex.Count(page, "<script type=\"application/json\">"));
        Assert.Contains("<th scope=\"row\">layer3.0.conv2</th>", page);
        Assert.Contains("--hidden 8", page);
        Assert.Contains("error of other.nern", page);
        Assert.InRange(page.Length, 500_000, 1_500_000);
    }

    [Fact]
    public void A_page_needs_no_network_and_no_other_file()
    {
        _workspace.Fit();
        var page = Report("--original", "@tiny.safetensors", "--data", "cifar10:@cifar");

        Assert.DoesNotMatch("""(?:src|href)="(?!data:|#)""", page);
        Assert.DoesNotContain("url(", Regex.Match(page, "<style>.*?</style>", RegexOptions.Singleline).Value);
        Assert.Equal(2, Regex.Count(page, "Permission to use, copy, modify"));
        Assert.DoesNotContain(_workspace.Path(""), page.Replace(_workspace.Path("cifar"), "", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_inputs_make_the_same_page()
    {
        _workspace.Fit();

        Assert.Equal(Report("--original", "@tiny.safetensors", "--data", "shapes"),
            Report("--original", "@tiny.safetensors", "--data", "shapes"));
    }

    [Fact]
    public void What_is_missing_is_left_out_with_a_line_that_says_what_to_give()
    {
        _workspace.Fit("--no-log");
        var bare = Report();

        Assert.All(Sections, section => Assert.Contains($"<section id=\"{section}\">", bare));
        Assert.Contains("Give --data SOURCE to see how well the network classifies", bare);
        Assert.Contains("tiny.nern.log.jsonl beside the file", bare);
        Assert.Contains("Give --original NETWORK to see its kernels", bare);
        Assert.Contains("Give --original NETWORK to see the error of each filter", bare);
        Assert.Contains("Give --compare OTHER", bare);
        Assert.Contains("Give --data SOURCE to see how active", Report("--original", "@tiny.safetensors"));
        Assert.Contains("Give --original NETWORK to compare it with the original", Report("--data", "cifar10:@cifar"));
    }

    [Fact]
    public void A_network_of_hostile_names_injects_nothing()
    {
        const string Hostile = "</script><img src=x onerror=alert(1)>\"'&";
        var graph = CifarResNet.Build(8).Renamed(new Dictionary<string, string> { ["conv1"] = Hostile });
        NetworkFile.Save(_workspace.Path("<b>.onnx"), new Network(graph, TinyModel.Tensors(graph)));
        Assert.Equal(ExitCode.Success, _workspace.Run(
            "fit", "@<b>.onnx", "--data", "cifar10:@cifar", "--steps", "3", "--hidden", "8", "--batch", "8", "--kernels", "64", "-o",
            "@tiny.nern").ExitCode);

        var page = Report("--original", "@<b>.onnx", "--data", "cifar10:@cifar");

        Assert.DoesNotContain("<img src=x", page);
        Assert.DoesNotContain("<b>", page);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page);
        Assert.Contains("&lt;b&gt;.onnx", page);
        // Two libraries, the page's own script, and a script of data for each chart.
        Assert.Equal(3 + 5, Regex.Count(page, "<script"));
        Assert.Equal(3 + 5, Regex.Count(page, "</script"));
    }

    [Fact]
    public void A_small_file_has_a_page_too()
    {
        Assert.Equal(ExitCode.Success, _workspace.Run(
            "compress", "@tiny.safetensors", "--architecture", "resnet8", "--data", "cifar10:@cifar", "--size", "40%", "--steps", "4",
            "--batch", "8",
            "-o", "@tiny.nern").ExitCode);
        var page = Report("--original", "@tiny.safetensors", "--data", "cifar10:@cifar");

        Assert.Contains("all numbers, arithmetically coded", page);
        Assert.Contains("nern compress tiny.safetensors", page);
        Assert.Contains("nothing is embedded", page);
        Assert.Equal(3 * Layers, Regex.Count(page, "src=\"data:image/png;base64,"));
    }

    [Theory]
    [InlineData("it is the file that is read", "@tiny.nern", "-o", "@tiny.nern")]
    [InlineData("it is the file that is read", "@tiny.nern", "-o", "@tiny.nern.log.jsonl")]
    [InlineData("it is the file that is read", "@tiny.nern", "--original", "@tiny.safetensors", "-o", "@tiny.safetensors")]
    [InlineData("it is the file that is read", "@tiny.nern", "--compare", "@tiny.safetensors", "-o", "@tiny.safetensors")]
    [InlineData("'@gone' cannot be read", "@tiny.nern", "--compare", "@gone", "-o", "@out.html")]
    [InlineData("is not a .nern file", "@tiny.safetensors", "-o", "@out.html")]
    [InlineData("--original-state goes with --original.", "@tiny.nern", "--original-state", "ema", "-o", "@out.html")]
    [InlineData("--mean and --std belong together", "@tiny.nern", "--mean", "1,1,1", "-o", "@out.html")]
    [InlineData("There is no folder '@gone'", "@tiny.nern", "--data", "cifar10:@gone", "-o", "@out.html")]
    public void What_is_wrong_is_said_and_nothing_is_written(string sentence, params string[] arguments)
    {
        _workspace.Fit();
        var before = _workspace.Files;
        var answer = _workspace.Run(["report", .. arguments]);

        Assert.Equal((ExitCode.BadInput, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(_workspace.Resolve(sentence), answer.Error);
        Assert.Equal(before, _workspace.Files);
    }

    private string Report(params string[] more)
    {
        var answer = _workspace.Run(["report", "@tiny.nern", "-o", "@page.html", .. more]);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.StartsWith($"Wrote {_workspace.Path("page.html")}: ", answer.Output);
        return File.ReadAllText(_workspace.Path("page.html"));
    }
}
