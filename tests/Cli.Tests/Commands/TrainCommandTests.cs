using System.Text.Json.Nodes;
using Nern.Checkpoints;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Train_writes_a_checkpoint_that_other_commands_take()
    {
        var answer = Train("--report", "@report.json");

        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("epoch 2 of 2  loss ", answer.Output);
        Assert.Contains($"Wrote {_workspace.Path("trained.safetensors")}.", answer.Output);
        Assert.Contains(
            $"Go on with: nern fit {_workspace.Path("trained.safetensors")} --architecture resnet8 --data cifar10:", answer.Output);
        Assert.Equal(["report.json", "tiny.safetensors", "trained.safetensors"], _workspace.Files);
        var evaluation = _workspace.Run(
            "evaluate", "@trained.safetensors", "--architecture", "resnet8", "--data", "cifar10:@cifar", "--json");
        var report = JsonNode.Parse(File.ReadAllText(_workspace.Path("report.json")))!;
        Assert.Equal(2, report["epochs"]!.AsArray().Count);
        Assert.Equal((int)report["kept"]!["test"]!["correct"]!, (int)JsonNode.Parse(evaluation.Output)!["correct"]!);
    }

    [Fact]
    public void A_training_killed_goes_on_to_the_same_bytes()
    {
        Assert.Equal(0, Train().ExitCode);
        var whole = File.ReadAllBytes(_workspace.Path("trained.safetensors"));
        using var output = new InterruptingWriter("epoch 1 of 2");
        var stopped = _workspace.Run(output, output.Interruption, Arguments());
        Assert.Equal(ExitCode.Interrupted, stopped.ExitCode);
        Assert.Contains("The same command with --resume goes on.", stopped.Output);
        Assert.True(File.Exists(_workspace.Path("trained.safetensors.checkpoint")));
        Assert.Contains("is left of unfinished work", Train().Error);

        Assert.Equal(0, Train("--resume").ExitCode);
        Assert.Equal(whole, File.ReadAllBytes(_workspace.Path("trained.safetensors")));
        Assert.False(File.Exists(_workspace.Path("trained.safetensors.checkpoint")));
    }

    [Fact]
    public void A_linear_classifier_can_be_trained_too()
    {
        Assert.Equal(0, _workspace.Run(Arguments("linear", "--learning-rate", "0.01")).ExitCode);
        Assert.Equal(["linear.bias", "linear.weight"], Checkpoint.Read(_workspace.Path("trained.safetensors")).Names.Order());
    }

    [Theory]
    [InlineData("There is no architecture 'vgg99'; known are resnet20,", "vgg99")]
    [InlineData("A step takes 4096 images; there are ", "resnet8", "--batch", "4096")]
    [InlineData("The option --smoothness takes a number from 0 to 1; got '2'.", "resnet8", "--smoothness", "2")]
    public void What_cannot_be_done_is_said_in_a_sentence(string sentence, string architecture, params string[] options)
    {
        var answer = _workspace.Run(Arguments(architecture, options));
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(sentence, answer.Error);
        Assert.Equal(["tiny.safetensors"], _workspace.Files);
    }

    private Answer Train(params string[] options) => _workspace.Run(Arguments("resnet8", options));

    private static string[] Arguments(string architecture = "resnet8", params string[] options) =>
    [
        "train", architecture, "--data", "cifar10:@cifar", "--epochs", "2",
        .. options.Contains("--batch") ? Array.Empty<string>() : ["--batch", "16"],
        "-o", "@trained.safetensors", .. options,
    ];
}
