using Nern.Checkpoints;

namespace Nern.Tests.Checkpoints.Torch;

/// <summary>What PyTorch itself wrote beside the tensors, in its formats and protocols.</summary>
public sealed class UnknownObjectTests
{
    [Theory]
    [InlineData("beside.pth")]
    [InlineData("beside.legacy.pth")]
    [InlineData("beside.protocol4.pth")]
    public void Read_passes_over_what_is_unknown_beside_the_tensors(string file)
    {
        var bytes = File.ReadAllBytes(TestFiles.Fixture(file));
        var states = CheckpointFile.Read(bytes, "x");

        Assert.Equal(["state_dict", "ema", "tensors"], states.States.Select(state => state.Name));
        foreach (var state in states.States.Take(2))
            Assert.Equal(TestFiles.Ramp(54), states.Read(state).Tensors["conv.weight"].ToFloats());
        Assert.Equal(7, Checkpoint.Read(bytes, "x").Names.Count);
    }

    [Theory]
    [InlineData("beside.pth")]
    [InlineData("beside.legacy.pth")]
    [InlineData("beside.protocol4.pth")]
    public void Tensors_that_cannot_be_read_are_named_with_the_reason(string file)
    {
        var states = CheckpointFile.Read(File.ReadAllBytes(TestFiles.Fixture(file)), "x");
        var tensors = states.Read(states.Find("tensors"));

        Assert.Equal(["tagged"], tensors.Names);
        Assert.Equal([-1.5f, -1f], tensors.Tensors["tagged"].ToFloats());
        Assert.Equal("is made by 'torch._utils._rebuild_sparse_tensor', which was not run", tensors.Unreadable["sparse"]);
        Assert.Equal("is made by 'torch._utils._rebuild_qtensor', which was not run", tensors.Unreadable["quantised"]);
        Assert.Equal("holds 'complex64', a type that is not read", tensors.Unreadable["complex"]);
    }

    [Fact]
    public void A_whole_network_is_refused_with_what_to_do()
    {
        // In the legacy format the class comes with its code.
        var legacy = new PickleBuilder().Op("(").Text("module").Global("net", "Net").Text("net.py").Text("class Net: ...").Op("tQ")
            .Op(")").Raw(0x81).Op("}").Text("_modules").Op("}sb").Stop();

        Assert.Equal(Message("torch.nn.modules.container.Sequential"), ErrorOf(File.ReadAllBytes(TestFiles.Fixture("whole.pth"))));
        Assert.Equal(Message("net.Net"),
            ErrorOf(PickleBuilder.Legacy(new PickleBuilder().Op("}").Stop(), legacy, new PickleBuilder().Op("]").Stop())));

        static string Message(string network) =>
            $"'x' holds a whole network with its code ('{network}'), and no code is run: save its tensors "
            + "with torch.save(model.state_dict(), 'state.pth').";

        static string ErrorOf(byte[] bytes) => TestFiles.ErrorOf(() => Checkpoint.Read(bytes, "x"));
    }

    [Fact]
    public void A_state_that_is_not_there_is_refused_with_those_there_are()
    {
        var file = CheckpointFile.Read(File.ReadAllBytes(TestFiles.Fixture("beside.pth")), "x");

        Assert.Equal("'x' has no state 'emma'; it holds state_dict, ema, tensors.", TestFiles.ErrorOf(() => file.Find("emma")));
    }

    [Fact]
    public void Dictionaries_in_one_another_many_times_are_walked_once()
    {
        // 20 levels, each twice in the one above, and the tensor far below.
        var builder = new PickleBuilder().Op("}").Text("w").Tensor(1, 0, [1], [1]).Op("sq\u0000");
        for (byte level = 1; level <= 200; level++)
            builder.Op("}").Text("a").Op("h").Raw((byte)(level - 1)).Op("s").Text("b").Op("h").Raw((byte)(level - 1)).Op("sq").Raw(level);
        var pickle = builder.Op("}(");
        for (byte level = 0; level <= 200; level++)
            pickle.Text($"k{level}").Op("h").Raw(level);

        Assert.Equal(["k0"], CheckpointFile.Read(PickleBuilder.Zip(pickle.Op("u").Stop(), 1), "x").States.Select(state => state.Name));
    }
}
