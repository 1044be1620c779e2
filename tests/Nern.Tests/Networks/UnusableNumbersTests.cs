using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Networks;

public sealed class UnusableNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("conv1.weight", float.NaN, "has NaN as element 2 of the tensor 'conv1.weight' of layer 'conv1'; expected a finite number.")]
    [InlineData("linear.bias", float.PositiveInfinity, "has Infinity as element 2 of the tensor 'linear.bias' of layer 'linear'; expected a finite number.")]
    [InlineData("bn2.running_var", -1f, "has -1 as element 2 of the tensor 'bn2.running_var' of layer 'bn2'; expected a variance above 0.")]
    public void Files_of_all_formats_are_refused_with_the_tensor_s_name(string tensor, float value, string sentence)
    {
        var network = RandomNetwork.Of(ExampleGraphs.Short(), new Generator(1));
        var values = network.Values(tensor);
        values[2] = value;
        var broken = network.With(new Dictionary<string, float[]> { [tensor] = values });
        foreach (var name in new[] { "a.onnx", "a.pth", "a.safetensors" })
        {
            var path = _folder.File(name);
            NetworkFile.Save(path, broken);
            Assert.Equal($"'{path}' {sentence}", Assert.Throws<NernException>(() => NetworkFile.Load(path, network.Graph)).Message);
        }
    }

    [Fact]
    public void A_variance_of_nothing_is_made_up_for_by_what_is_added()
    {
        var network = RandomNetwork.Of(ExampleGraphs.Short(), new Generator(1));

        Assert.Null(UnusableNumbers.Find(
            network.Graph, network.With(new Dictionary<string, float[]> { ["bn1.running_var"] = new float[7] }).Tensors!));
    }
}
