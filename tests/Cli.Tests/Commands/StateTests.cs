using System.Text.Json.Nodes;
using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Networks.Architectures;
using Nern.Tensors;

namespace Nern.Cli.Tests.Commands;

/// <summary>Checkpoints that hold a network several times, in dictionaries of their own or behind prefixes, and in short floats.</summary>
public sealed class StateTests : IDisposable
{
    private static readonly IReadOnlyList<KeyValuePair<string, Tensor>> Parameters = TinyModel.Tensors(CifarResNet.Build(8));

    private static readonly IReadOnlyList<KeyValuePair<string, Tensor>> Average =
    [
        .. Parameters.Select(tensor => Named(
            tensor.Key, Tensor.From([.. tensor.Value.Shape], [.. tensor.Value.ToFloats().Select(value => 0.75f * value)]))),
    ];

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public StateTests()
    {
        TorchStates.Save(_workspace.Path("states.pth"), ("params", Parameters), ("ema", Average));
        SafetensorsWriter.Save(
            _workspace.Path("states.safetensors"),
            [
                .. Parameters.Select(tensor => Named($"params.{tensor.Key}", tensor.Value)),
                .. Average.Select(tensor => Named($"ema.{tensor.Key}", tensor.Value)),
            ]);
    }

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string> Files => ["states.pth", "states.safetensors"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Of_several_states_one_has_to_be_chosen(string file)
    {
        var path = _workspace.Path(file);
        var sentence =
            $"nern: '{path}' holds several states that fit the architecture: params, ema. Say which with --state (--original-state).\n";

        foreach (var command in new string[][]
        {
            ["fit", path, "--architecture", "resnet8", "--noise", "-o", "@out.nern"],
            ["evaluate", path, "--architecture", "resnet8", "--data", "cifar10:@cifar"],
            ["evaluate", "@tiny.safetensors", "--architecture", "resnet8", "--data", "cifar10:@cifar", "--original", path],
        })
        {
            var answer = _workspace.Run(command);
            Assert.Equal((ExitCode.BadInput, sentence), (answer.ExitCode, answer.Error));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_state_that_is_chosen_is_the_one_that_is_taken(string file)
    {
        var average = Compare("ema", "ema");
        Assert.Equal((0, 1), ((double)average["relativeWeightError"]!, (double)average["agreement"]!));
        var other = Compare("ema", "params");
        Assert.InRange((double)other["relativeWeightError"]!, 0.2499, 0.2501);
        Assert.NotEqual(0, (double)other["meanKl"]!);

        JsonNode Compare(string state, string originalState)
        {
            var answer = _workspace.Run(
                "evaluate", $"@{file}", "--architecture", "resnet8", "--state", state, "--data", "cifar10:@cifar", "--original", $"@{file}",
                "--original-state", originalState, "--json");
            Assert.Equal(ExitCode.Success, answer.ExitCode);
            return JsonNode.Parse(answer.Output)!;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_fit_to_a_state_keeps_its_other_tensors_and_tells_how_to_compare(string file)
    {
        var fit = _workspace.Run(Fit(file, "--state", "ema"));

        Assert.Equal(ExitCode.Success, fit.ExitCode);
        Assert.Contains($"--original {_workspace.Path(file)} --original-state ema\n", fit.Output);
        Assert.Equal(ExitCode.Success, _workspace.Run("reconstruct", "@out.nern", "-o", "@again.safetensors").ExitCode);
        var again = Checkpoint.Read(_workspace.Path("again.safetensors")).Tensors;
        var prefix = file == "states.pth" ? "" : "ema.";
        Assert.All(Average.Where(tensor => tensor.Value.Shape.Count != 4), tensor =>
            Assert.Equal(tensor.Value.ToFloats(), again[prefix + tensor.Key].ToFloats()));
        Assert.Equal(
            ExitCode.Success,
            _workspace.Run("picture", "@out.nern", "--original", $"@{file}", "--original-state", "ema", "-o", "@kernels.png").ExitCode);
    }

    [Theory]
    [InlineData("states.pth")]
    [InlineData("states.safetensors")]
    public void A_state_that_is_not_there_is_refused_with_those_that_are(string file)
    {
        var sentence = $"nern: '{_workspace.Path(file)}' has no state 'emma'; it holds params, ema.\n";

        Assert.Equal(sentence, _workspace.Run(Fit(file, "--state", "emma")).Error);
        var answer = _workspace.Run(
            "evaluate", "@tiny.safetensors", "--architecture", "resnet8", "--data", "cifar10:@cifar", "--original", $"@{file}",
            "--original-state", "emma");
        Assert.Equal((ExitCode.BadInput, sentence), (answer.ExitCode, answer.Error));
    }

    [Fact]
    public void Info_shows_the_state_that_is_chosen()
    {
        Assert.Equal(ExitCode.Success, _workspace.Run("info", "@states.pth", "--state", "ema").ExitCode);
        Assert.NotEqual(
            _workspace.Run("info", "@states.pth", "--state", "ema", "--json").Output,
            _workspace.Run("info", "@states.pth", "--state", "params", "--json").Output);
        Assert.Equal(
            $"nern: '{_workspace.Path("states.pth")}' has no state 'emma'; it holds params, ema.\n",
            _workspace.Run("info", "@states.pth", "--state", "emma").Error);
    }

    [Fact]
    public void A_file_that_has_no_states_takes_none()
    {
        Assert.Equal(ExitCode.Success, _workspace.Fit("--no-log").ExitCode);
        Assert.Equal(ExitCode.Success, _workspace.Run("reconstruct", "@tiny.nern", "-o", "@tiny.onnx").ExitCode);
        var (nern, onnx) = (_workspace.Path("tiny.nern"), _workspace.Path("tiny.onnx"));
        string[] data = ["--data", "cifar10:@cifar"];

        Refused(
            $"'{nern}' is a .nern file, which holds its architecture: leave out --state.", ["evaluate", nern, .. data, "--state", "ema"]);
        Refused($"'{nern}' is a .nern file, which has no states: leave out --state.", ["info", nern, "--state", "ema"]);
        Refused(
            $"'{onnx}' is an ONNX model, which holds its architecture: leave out --state.", ["evaluate", onnx, .. data, "--state", "ema"]);
        Refused($"'{onnx}' is an ONNX model: leave out --state.", ["info", onnx, "--state", "ema"]);
        Refused(
            $"'{onnx}' is an ONNX model, which has no states; leave out 'ema'.",
            ["evaluate", nern, .. data, "--original", onnx, "--original-state", "ema"]);
        Refused(
            "--original-state says which state of --original is meant; give that as well.",
            ["evaluate", nern, .. data, "--original-state", "ema"]);
    }

    [Theory]
    [InlineData(ElementType.Float16, "again.safetensors")]
    [InlineData(ElementType.BFloat16, "again.safetensors")]
    [InlineData(ElementType.Float16, "again.pth")]
    [InlineData(ElementType.BFloat16, "again.pth")]
    public void A_reconstruction_has_every_tensor_in_the_type_of_the_checkpoint(ElementType type, string output)
    {
        // As mixed training leaves them: statistics in float32, and here a kernel too.
        KeyValuePair<string, Tensor>[] tensors =
        [
            .. Parameters.Select(tensor => tensor.Key.Contains("bn", StringComparison.Ordinal) || tensor.Key == "conv1.weight"
                ? tensor
                : Named(tensor.Key, tensor.Value.As(type))),
        ];
        SafetensorsWriter.Save(_workspace.Path("short.safetensors"), tensors);
        TorchStates.Save(_workspace.Path("short.pth"), ("params", Parameters), ("ema", tensors));

        foreach (var (file, state) in new[] { ("short.safetensors", Array.Empty<string>()), ("short.pth", ["--state", "ema"]) })
        {
            Assert.Equal(ExitCode.Success, _workspace.Run(Fit(file, state)).ExitCode);
            Assert.Equal(ExitCode.Success, _workspace.Run("reconstruct", "@out.nern", "-o", $"@{output}").ExitCode);
            var again = Checkpoint.Read(_workspace.Path(output));
            Assert.Equal(
                tensors.Select(tensor => (tensor.Key, tensor.Value.Type)).Order(),
                again.Tensors.Select(tensor => (tensor.Key, tensor.Value.Type)).Order());
            Assert.All(tensors.Where(tensor => tensor.Value.Shape.Count != 4), tensor =>
                Assert.Equal(tensor.Value.Data.ToArray(), again.Tensors[tensor.Key].Data.ToArray()));
        }
    }

    private void Refused(string sentence, params string[] command)
    {
        var answer = _workspace.Run(command);
        Assert.Equal((ExitCode.BadInput, $"nern: {sentence}\n"), (answer.ExitCode, answer.Error));
    }

    private static string[] Fit(string file, params string[] more) =>
    [
        "fit", $"@{file}", "--architecture", "resnet8", "--noise", "--steps", "2", "--hidden", "8", "--batch", "8", "--no-log",
        "-o", "@out.nern", .. more,
    ];

    private static KeyValuePair<string, Tensor> Named(string name, Tensor tensor) => KeyValuePair.Create(name, tensor);
}
