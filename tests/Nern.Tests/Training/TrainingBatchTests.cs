using Nern.Data;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Tests.Data.Folders;
using Nern.Tests.Engine.Reference;
using Nern.Training;

namespace Nern.Tests.Training;

public sealed class TrainingBatchTests
{
    [Fact]
    public void An_image_in_the_place_of_one_that_cannot_be_read_brings_its_own_label()
    {
        using var folder = new PictureFolder().Add("a/0.png", 1).AddText("b/0.png", "broken").Add("c/0.png", 2)
            .AddText("d/0.png", "broken");
        var images = DataSource.Parse($"imagefolder:{folder.FullName}").For(new(3, 8, 8)).Train;
        using var engine = new CpuEngine();
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual B"), new Generator(1));
        using var parameters = new NetworkParameters(engine, network);
        using var plan = NetworkPlan.Training(engine, network, parameters, 4, Precision.Float32);
        var batch = new TrainingBatch(images, images.Augmented(Normalization.ImageNet), plan);

        batch.Load(new Generator(1));

        // One epoch: a and d, whose place it takes, then b and c.
        Assert.Equal([0, 0, 2, 2], batch.Labels.ToArray().Order());
    }
}
