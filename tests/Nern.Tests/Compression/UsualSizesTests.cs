using Nern.Compression;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Tensors;

namespace Nern.Tests.Compression;

public class UsualSizesTests
{
    [SkippableFact]
    public void ResNet_20_takes_what_the_xz_tool_makes_of_it_within_a_percent()
    {
        var network = NetworkFile.Load(RealData.Path("models/resnet20-12fca82f.th"), ArchitectureRegistry.Build("resnet20"));

        var sizes = UsualSizes.Of(network);

        // By xz -9 of the same bytes.
        Assert.InRange(sizes.Int8!.Value, 0.99 * 245_220, 1.01 * 245_220);
        Assert.Equal((1_084_392, 542_196), (sizes.Float32, sizes.Float16));
    }

    [Fact]
    public void Every_number_counts_whatever_its_type_and_counters_do_not()
    {
        var graph = new GraphBuilder(new(2, 4, 4));
        graph.Append(new BatchNorm("norm", [graph.Append(new Convolution("conv", [0], 3, 1, 1, Window.Square(1, 0)))]));
        var network = new Network(graph.Build(),
        [
            new("conv.weight", Tensor.From([3, 2, 1, 1], [1, 2, 3, 4, 5, 6]).As(ElementType.Float16)),
            .. new[] { "weight", "bias", "running_mean", "running_var" }.Select(
                name => KeyValuePair.Create($"norm.{name}", Tensor.From([3], [1, 1, 1]))),
            new("norm.num_batches_tracked", new Tensor(ElementType.Int64, [], new byte[8])),
        ]);

        var sizes = UsualSizes.Of(network);

        Assert.Equal((72, 36), (sizes.Float32, sizes.Float16));
        Assert.Equal(UsualSizes.Of(network.Graph), sizes with { Int8 = null });
        // Scales and biases in float32, a byte a weight, the container.
        Assert.InRange(sizes.Int8!.Value, 20, 55);
        Assert.Equal(["float32, numbers alone", "float16, numbers alone", UsualSizes.Int8Name], sizes.Rows.Select(row => row.Name));
        Assert.Equal(2, UsualSizes.Of(network.Graph).Rows.Count());
    }
}
