using System.Text;
using Nern.Checkpoints.Safetensors;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Networks.Architectures;

namespace Nern.Cli.Tests.Commands;

/// <summary>Whatever is wrong: exit code 2, one sentence on the error stream, and no file.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_missing_checkpoint() =>
        Refused("'@gone.th' cannot be read", "fit", "@gone.th", "--architecture", "resnet8", "--noise", "-o", "@out");

    [Fact]
    public void A_folder_as_checkpoint() =>
        Refused("found a folder", "fit", "@cifar", "--architecture", "resnet8", "--noise", "-o", "@out");

    [Fact]
    public void A_truncated_checkpoint()
    {
        _workspace.Write("cut.safetensors", File.ReadAllBytes(_workspace.Path("tiny.safetensors"))[..^100]);
        Refused("'@cut.safetensors'", "fit", "@cut.safetensors", "--architecture", "resnet8", "--noise", "-o", "@out");
    }

    [Fact]
    public void A_pickle_that_calls_a_function()
    {
        // Magic number, protocol version, machine facts, then os.system("true"), and no storages.
        byte[] magic = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];
        byte[] version = [0x80, 2, (byte)'M', 0xE9, 3, (byte)'.'];
        byte[] machine = [0x80, 2, (byte)'}', (byte)'.'];
        byte[] call = [0x80, 2, .. Encoding.ASCII.GetBytes("cos\nsystem\n(X\u0004\0\0\0truetR.")];
        byte[] storages = [0x80, 2, (byte)']', (byte)'.'];
        _workspace.Write("evil.th", [.. magic, .. version, .. machine, .. call, .. storages]);
        Refused("holds no tensors: expected a dictionary of them at the top or below a key such as state_dict or model, found 'os.system'",
            "fit", "@evil.th", "--architecture", "resnet8", "--noise", "-o", "@out");
    }

    [Fact]
    public void Another_architecture_than_the_checkpoints() =>
        Refused("does not fit the architecture", "fit", "@tiny.safetensors", "--architecture", "resnet14", "--noise", "-o", "@out");

    [Theory]
    [InlineData("vgg16", "There is no architecture 'vgg16'; known are resnet20, resnet32")]
    [InlineData("resnet21", "6n + 2 layers")]
    public void An_unknown_architecture(string name, string sentence) =>
        Refused(sentence, "fit", "@tiny.safetensors", "--architecture", name, "--noise", "-o", "@out");

    [Theory]
    [InlineData("fit", "-o", "@out")]
    [InlineData("evaluate")]
    public void Images_of_ten_classes_for_a_network_of_a_single_logit(string command, params string[] more)
    {
        SafetensorsWriter.Save(_workspace.Path("one.safetensors"), TinyModel.Tensors(CifarResNet.WithLogits(8, Shortcut.A, 1)));
        Refused(
            "The network tells 2 classes apart; the images have 10.",
            [command, "@one.safetensors", "--architecture", "resnet8", "--data", "cifar10:@cifar", .. more]);
    }

    [Fact]
    public void A_checkpoint_without_architecture() =>
        Refused("name it with --architecture", "fit", "@tiny.safetensors", "--noise", "-o", "@out");

    [Fact]
    public void Ragged_images()
    {
        _workspace.Write("cifar/test_batch.bin", TinyModel.Records(seed: 3)[..^1]);
        Refused("not a whole number of Cifar10 records", TinyModel.FitArguments("-o", "@out"));
    }

    [Theory]
    [InlineData("imagenet:@cifar", "'imagenet' is not known")]
    [InlineData("shapes:@cifar", "the built-in pictures have no path")]
    [InlineData("cifar10:@gone", "There is no folder '@gone'")]
    public void Images_that_are_not_there(string source, string sentence) =>
        Refused(sentence, "evaluate", "@tiny.safetensors", "--architecture", "resnet8", "--data", source);

    [Fact]
    public void Images_of_more_classes_than_the_network_tells_apart()
    {
        _workspace.Write("cifar100/test.bin", new byte[3074]);
        Refused(
            "10 classes apart; the images have 100", "evaluate", "@tiny.safetensors", "--architecture", "resnet8", "--data",
            "cifar100:@cifar100");
    }

    [Theory]
    [InlineData("@gone/out.nern", "does not exist")]
    [InlineData("@cifar", "expected the path of a file")]
    [InlineData("@tiny.safetensors", "it is the file that is read")]
    [InlineData("/dev/null", "found a device")]
    public void An_output_that_cannot_be_written(string output, string sentence) =>
        Refused(sentence, TinyModel.FitArguments("-o", output));

    [Fact]
    public void A_folder_where_the_log_is_to_be()
    {
        Directory.CreateDirectory(_workspace.Path("out.nern.log.jsonl"));
        Refused("'@out.nern.log.jsonl' could not be written: expected the path of a file", TinyModel.FitArguments("-o", "@out.nern"));
    }

    [Fact]
    public void A_file_where_the_events_are_to_be()
    {
        _workspace.Write("out.nern.events", []);
        Refused("'@out.nern.events' could not be written: expected a folder, found a file", TinyModel.FitArguments("-o", "@out.nern"));
    }

    [Theory]
    [InlineData("There is no option '--hiden'; did you mean '--hidden'?", "--hiden", "8")]
    [InlineData("There is no option '--hiden'; did you mean '--hidden'?", "--hiden=8")]
    [InlineData("There is no option '--frobnicate'. See", "--frobnicate")]
    [InlineData("--hidden takes a whole number from 1 to 16384; got '1.5'", "--hidden", "1.5")]
    [InlineData("--hidden takes a whole number from 1 to 16384; got '0'", "--hidden", "0")]
    [InlineData("A fit needs a budget: a number of steps, of minutes, or both.", "--steps", "0")]
    [InlineData("--kd takes a number from 0 on; got '-1'", "--kd", "-1")]
    [InlineData("--kd takes a number from 0 on; got 'NaN'", "--kd", "NaN")]
    [InlineData("--noise takes none, uniform or fractal; got 'images'", "--noise", "images")]
    [InlineData("There is no recipe 'papr'; did you mean 'paper'?", "--recipe", "papr")]
    [InlineData("'@gone.yaml' cannot be read", "--recipe", "@gone.yaml")]
    [InlineData("--seed takes a whole number from 0 on; got '-1'", "--seed", "-1")]
    [InlineData("--ordering takes none, in-filter, cross-filter or axes; got 'random'", "--ordering", "random")]
    [InlineData("--mean and --std belong together", "--mean", "1,2,3")]
    [InlineData("--mean takes numbers with commas between them", "--mean", "1;2;3")]
    [InlineData("a number for each of the 3 channels; got 1", "--mean", "1", "--std", "1")]
    [InlineData("Unrecognized command or argument 'stray'", "stray")]
    [InlineData("Option '--hidden' expects a single argument", "--hidden", "8", "--hidden", "9")]
    [InlineData("The option '--hidden' needs a value before '--depth'.", "--hidden", "--depth", "5")]
    [InlineData("Required argument missing for option: '--hidden'", "--hidden")]
    public void Options_of_fit(string sentence, params string[] arguments) =>
        Refused(sentence, TinyModel.FitArguments(["-o", "@out", .. arguments]));

    [Theory]
    [InlineData("'@tiny.nern' has a predictor with depth 5; only hidden may grow, and means of filters be added; asked for is depth 3.", "--depth", "3")]
    [InlineData("'@tiny.nern' has a predictor with ordering cross-filter; only hidden may grow, and means of filters be added", "--ordering", "none")]
    [InlineData("'@tiny.nern' has a predictor of hidden size 8, which may grow and not shrink; asked for is hidden 7.", "--hidden", "7")]
    [InlineData("'@tiny.nern' predicts the layer 'conv1', which the layers '-conv1' leave out.", "--layers", "-conv1")]
    [InlineData(
        "--initialization says how parameters are drawn; '@tiny.nern' gives all of them: leave it out.", "--initialization", "torch")]
    [InlineData("A file of 6000 bytes has no room for a predictor of hidden size 400", "--size", "6000", "--hidden", "400")]
    [InlineData("it is the file that is read", "-o", "@tiny.nern")]
    [InlineData("it is the file that is read", "--report", "@tiny.nern")]
    public void What_contradicts_the_file_that_a_fit_begins_with(string sentence, params string[] arguments)
    {
        _workspace.Fit("--no-log");
        string[] output = arguments[0] == "-o" ? [] : ["-o", "@out"];
        Refused(sentence, TinyModel.FitArguments(["--from", "@tiny.nern", .. output, .. arguments]));
    }

    [Theory]
    [InlineData("'@gone.nern' cannot be read", "@gone.nern")]
    [InlineData("'@tiny.safetensors' is not a .nern file", "@tiny.safetensors")]
    [InlineData("'@other.nern' predicts the layer 'layer1.1.conv1'; the network has no convolution of that name.", "@other.nern")]
    public void What_a_fit_cannot_begin_with(string sentence, string file)
    {
        if (file == "@other.nern")
        {
            SafetensorsWriter.Save(_workspace.Path("other.safetensors"), TinyModel.Tensors(CifarResNet.Build(14)));
            Assert.Equal(0, _workspace.Run(
                "fit", "@other.safetensors", "--architecture", "resnet14", "--noise", "--steps", "1", "--batch", "8", "--hidden", "8",
                "--no-log", "-o", "@other.nern").ExitCode);
        }
        Refused(sentence, TinyModel.FitArguments("--from", file, "-o", "@out"));
    }

    [Fact]
    public void A_size_of_a_file_that_is_none() => Refused(
        "--size takes bytes, such as 60000, or percent of the original, such as 5%; got 'half'",
        TinyModel.FitArguments("--size", "half", "-o", "@out"));

    [Fact]
    public void A_recipe_of_unknown_options()
    {
        _workspace.Write("mine.yaml", "hidden: 8\nembeding-base: 1\n"u8.ToArray());
        Refused(
            "'@mine.yaml', line 2: there is no option 'embeding-base'; did you mean 'embedding-base'?",
            TinyModel.FitArguments("-o", "@out", "--recipe", "@mine.yaml"));
        Refused("'@mine.yaml', line 2: there is no option", "recipe", "@mine.yaml");
    }

    [Fact]
    public void Neither_data_nor_noise() =>
        Refused("needs --data or --noise", "fit", "@tiny.safetensors", "--architecture", "resnet8", "-o", "@out");

    [Theory]
    [InlineData("reconstruct")]
    [InlineData("evaluate")]
    [InlineData("info")]
    public void A_truncated_representation(string command)
    {
        _workspace.Fit();
        _workspace.Write("tiny.nern", File.ReadAllBytes(_workspace.Path("tiny.nern"))[..^100]);
        Refused("'@tiny.nern'", Reading(command));
    }

    [Theory]
    [InlineData("reconstruct")]
    [InlineData("evaluate")]
    [InlineData("info")]
    public void An_altered_representation(string command)
    {
        _workspace.Fit();
        var bytes = File.ReadAllBytes(_workspace.Path("tiny.nern"));
        bytes[^50] ^= 1;
        _workspace.Write("tiny.nern", bytes);
        Refused("was altered", Reading(command));
    }

    [Fact]
    public void A_checkpoint_where_a_representation_is_needed() =>
        Refused("is not a .nern file", "reconstruct", "@tiny.safetensors", "-o", "@out");

    [Fact]
    public void A_representation_where_a_checkpoint_is_needed()
    {
        _workspace.Fit();
        Refused("is a neural representation already", "fit", "@tiny.nern", "--architecture", "resnet8", "--noise", "-o", "@out");
    }

    [Fact]
    public void An_architecture_for_a_file_that_holds_one()
    {
        _workspace.Fit();
        Refused("leave out --architecture", "evaluate", "@tiny.nern", "--data", "cifar10:@cifar", "--architecture", "resnet8");
    }

    [Theory]
    [InlineData("A command is needed: demo, train, fit, compress, prune, recipe, reconstruct, evaluate, info, importance, compare, "
        + $"picture, report, sweep, data or bench.")]
    [InlineData("There is no command 'fitt'; did you mean 'fit'?", "fitt")]
    [InlineData("There is no option '--verison'; did you mean '--version'?", "--verison")]
    [InlineData("Option '--output' is required.", "reconstruct", "@tiny.nern")]
    [InlineData("Required argument 'FILE' missing", "info")]
    public void Command_lines(string sentence, params string[] arguments) => Refused(sentence, arguments);

    private static string[] Reading(string command) => command switch
    {
        "reconstruct" => [command, "@tiny.nern", "-o", "@out"],
        "evaluate" => [command, "@tiny.nern", "--data", "cifar10:@cifar"],
        _ => [command, "@tiny.nern"],
    };

    private void Refused(string sentence, params IEnumerable<string> arguments)
    {
        var before = _workspace.Files;
        var answer = _workspace.Run(arguments);

        Assert.Contains(_workspace.Resolve(sentence), answer.Error);
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.StartsWith("nern: ", answer.Error);
        Assert.Equal('\n', Assert.Single(answer.Error, c => c is '\n' or '\r'));
        Assert.Equal("", answer.Output);
        Assert.Equal(before, _workspace.Files);
    }
}
