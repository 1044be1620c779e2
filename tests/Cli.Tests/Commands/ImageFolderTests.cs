using System.Text.Json.Nodes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests.Commands;

/// <summary>Folders of pictures through the commands that take images.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private static readonly string[] Network = ["--architecture", TinyModel.Architecture];

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public ImageFolderTests() => _workspace.AddPictures();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Evaluate_takes_the_images_at_the_size_of_the_network()
    {
        var all = Evaluate("imagefolder:@pictures");
        var half = Evaluate("imagefolder:@pictures,test=1/2");

        Assert.Equal(
            (ExitCode.Success, $"nern: Images of '{_workspace.Path("pictures")}' for 32x32: those of 48x40 are resized to 37 on the shorter side, and the middle is cut out.\n"),
            (all.ExitCode, all.Error));
        Assert.Equal((20, 10), (Images(all), Images(half)));
        // A network of ten classes.
        Assert.Null(JsonNode.Parse(all.Output)!["topFive"]);
    }

    [Fact]
    public void Images_that_cannot_be_read_are_left_out_and_named_behind_the_result()
    {
        for (var i = 0; i < 7; i++)
            _workspace.Write($"pictures/class{i}/broken.jpg", "no image"u8.ToArray());

        var answer = Evaluate("imagefolder:@pictures");

        Assert.Equal((ExitCode.Success, 20), (answer.ExitCode, Images(answer)));
        Assert.Contains("7 images could not be read and were left out:", answer.Error);
        Assert.Contains($"'{_workspace.Path("pictures/class0/broken.jpg")}': it should be a JPEG or PNG file", answer.Error);
        Assert.Contains("and 2 more", answer.Error);
    }

    [Fact]
    public void A_folder_without_any_image_that_can_be_read_is_one_sentence()
    {
        _workspace.Write("broken/a/1.jpg", [1, 2, 3]);
        _workspace.Write("broken/b/1.jpg", [1, 2, 3]);
        string[] train = ["train", "linear", "--data", "imagefolder:@broken", "--batch", "1", "--validation", "0", "-o", "@x.safetensors"];
        foreach (var answer in new[] { Evaluate("imagefolder:@broken"), _workspace.Run(train) })
        {
            Assert.Equal(ExitCode.BadInput, answer.ExitCode);
            Assert.StartsWith("nern: None of the 2 images can be read; the first is", answer.Error);
        }
    }

    [Fact]
    public void A_fit_keeps_how_its_images_are_normalised()
    {
        string[] caffe = ["--mean", "104,117,123", "--std", "1", "--range", "255", "--channels", "bgr"];
        var fit = _workspace.Fit(["--data", "imagefolder:@pictures", .. caffe]);
        Assert.Equal(ExitCode.Success, fit.ExitCode);
        string[] evaluate = ["evaluate", "@tiny.nern", "--data", "imagefolder:@pictures", "--original", "@tiny.safetensors", "--json"];

        Assert.Equal(_workspace.Run(evaluate).Output, _workspace.Run([.. evaluate, .. caffe]).Output);
        Assert.NotEqual(_workspace.Run(evaluate).Output, _workspace.Run([.. evaluate, .. caffe[..6]]).Output);
        Assert.Contains("mean 104, 117, 123, std 1, 1, 1, range 255, bgr", _workspace.Run("info", "@tiny.nern").Output);
    }

    [Theory]
    [InlineData("--range 255", "--range says how --mean and --std are meant")]
    [InlineData("--channels bgr", "--channels says how --mean and --std are meant")]
    [InlineData("--mean 1,2,3 --std 1 --range 2", "must be 1 or 255; got 2")]
    public void Options_that_say_nothing_are_refused(string options, string sentence)
    {
        var answer = Evaluate("imagefolder:@pictures", options.Split(' '));
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(sentence, answer.Error);
    }

    [Fact]
    public void Train_takes_a_folder_to_the_same_bytes_each_time()
    {
        string[] train =
            ["train", "linear", "--data", "imagefolder:@pictures,test=0/5", "--batch", "4", "--validation", "2", "--precision", "f32"];
        Assert.Equal(ExitCode.Success, _workspace.Run([.. train, "--epochs", "3", "-o", "@a.safetensors"]).ExitCode);
        Assert.Equal(ExitCode.Success, _workspace.Run([.. train, "--epochs", "3", "-o", "@b.safetensors"]).ExitCode);
        Assert.Equal(File.ReadAllBytes(_workspace.Path("a.safetensors")), File.ReadAllBytes(_workspace.Path("b.safetensors")));
    }

    [Fact]
    public void Folders_of_some_of_the_classes_are_noticed()
    {
        Directory.Delete(_workspace.Path("pictures/class3"), recursive: true);
        var answer = Evaluate("imagefolder:@pictures");
        Assert.Contains("nern: Note: the images are of 9 classes, taken as the first of the 10 that the network tells apart;",
            answer.Error);

        _workspace.Write("synsets.txt", [.. Enumerable.Range(0, 10).SelectMany(i => $"class{i}\n").Select(letter => (byte)letter)]);
        Assert.DoesNotContain("Note:", Evaluate("imagefolder:@pictures").Error);
    }

    [Fact]
    public void Hidden_folders_are_no_classes()
    {
        _workspace.Write("pictures/.ipynb_checkpoints/a.png", []);
        var answer = Evaluate("imagefolder:@pictures");
        Assert.Equal((ExitCode.Success, 20), (answer.ExitCode, Images(answer)));
    }

    [Fact]
    public void Show_draws_the_classes_that_have_images()
    {
        var answer = _workspace.Run(
            "data", "show", "imagefolder:@pictures", "-o", "@sheet.png", "--columns", "2", "--scale", "1", "--rows", "3");
        Assert.Equal($"Wrote {_workspace.Path("sheet.png")}: 10 classes of 20 images, 134 x 200 pixels.\n", answer.Output);
    }

    private Answer Evaluate(string data, params string[] more) =>
        _workspace.Run(["evaluate", "@tiny.safetensors", "--data", data, "--json", .. Network, .. more]);

    private static int Images(Answer answer) => JsonNode.Parse(answer.Output)!["images"]!.GetValue<int>();
}
