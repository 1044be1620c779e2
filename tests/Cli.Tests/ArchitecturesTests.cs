using Nern.Checkpoints;
using Nern.Cli.Tests.Support;
using Nern.Networks;

namespace Nern.Cli.Tests;

public class ArchitecturesTests
{
    [Fact]
    public void Every_name_that_is_listed_is_known() =>
        Assert.All(Architectures.Names, name => Assert.Equal(10, Architectures.Build(name, new Checkpoint([]), null, null).Classes));

    [Theory]
    [InlineData(Shortcut.A, 10)]
    [InlineData(Shortcut.B, 100)]
    public void Build_takes_shortcut_and_classes_from_the_checkpoint(Shortcut shortcut, int classes)
    {
        var graph = CifarResNet.Build(8, shortcut, classes);
        var built = Architectures.Build("ResNet8", new Checkpoint(TinyModel.Tensors(graph)), null, null);

        Assert.Equal(graph.Parameters.Select(parameter => parameter.Name), built.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(classes, built.Classes);
    }

    [Fact]
    public void Build_prefers_what_is_said()
    {
        var checkpoint = new Checkpoint(TinyModel.Tensors(CifarResNet.Build(8)));
        var built = Architectures.Build("resnet8", checkpoint, Shortcut.B, 7);

        Assert.Equal(7, built.Classes);
        Assert.Contains(built.Parameters, parameter => parameter.Name.Contains("shortcut", StringComparison.Ordinal));
    }
}
