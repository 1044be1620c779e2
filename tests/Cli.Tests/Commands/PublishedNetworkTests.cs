using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Data;
using Nern.Pictures;
using Nern.Tests;

namespace Nern.Cli.Tests.Commands;

/// <summary>Published networks have the accuracy that they are known for.</summary>
public class PublishedNetworkTests
{
    [SkippableTheory]
    [InlineData("models/resnet20-12fca82f.th", "resnet20", "cifar10", "accuracy  91.64 % (932 of 1017)\n")]
    [InlineData("models/resnet32-cifar100.safetensors", "resnet32", "cifar100", "accuracy  69.65 % (638 of 916)\n")]
    public void Evaluate_prints_the_accuracy_of_a_published_network(string model, string architecture, string data, string expected)
    {
        using var workspace = new Workspace();
        var answer = workspace.Run(
            "evaluate", RealData.Path(model), "--architecture", architecture, "--data", $"{data}:{RealData.Path(data)}");

        Assert.Equal(new Answer(ExitCode.Success, expected, ""), answer);
    }

    [SkippableFact]
    public void CIFAR_written_as_pictures_of_a_folder_has_the_same_accuracy_without_any_option()
    {
        using var workspace = new Workspace();
        var images = (ImageSet)DataSource.Parse($"cifar10:{RealData.Path("cifar10")}").Test;
        for (var i = 0; i < images.Count; i++)
        {
            var picture = new Picture(images.Width, images.Height);
            var planes = images.Image(i);
            for (var y = 0; y < picture.Height; y++)
                for (var value = 0; value < 3 * picture.Width; value++)
                    picture.Row(y)[value] = planes[(((value % 3 * picture.Height) + y) * picture.Width) + (value / 3)];
            PngFile.Save(workspace.Write($"pictures/{images.Labels[i]}/{i}.png", []), picture);
        }

        var answer = workspace.Run(
            "evaluate", RealData.Path("models/resnet20-12fca82f.th"), "--architecture", "resnet20", "--data", "imagefolder:@pictures");

        Assert.Equal("accuracy  91.64 % (932 of 1017)\n", answer.Output);
        Assert.Equal($"nern: Images of '{workspace.Path("pictures")}' for 32x32: those of 32x32 stay as they are.\n", answer.Error);
    }
}
