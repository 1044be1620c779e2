using System.IO.Compression;
using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Tensors;
using Nern.Tests.Checkpoints;
using Nern.Tests.Checkpoints.Torch;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class CheckpointFuzzTests(ITestOutputHelper output)
{
    private static readonly Graph Graph = CifarResNet.Build(8, Shortcut.B);

    [Fact]
    public void Altered_safetensors_are_read_or_refused()
    {
        using var stream = new MemoryStream();
        var tensors = Enumerable.Range(0, 5).Select(i => KeyValuePair.Create($"t{i}", Tensor.From([i, 2], new float[2 * i])));
        SafetensorsWriter.Write(stream, [.. tensors], new Dictionary<string, string> { ["format"] = "pt" });

        new FuzzRun(Read, output).Run([stream.ToArray(), TestFiles.Safetensors("{}")]);
    }

    [Fact]
    public void Altered_zip_checkpoints_are_read_or_refused() =>
        new FuzzRun(Read, output).Run(Fixtures("nested.pth", "types.pth", "strided.pth", "protocol4.pth", "beside.pth", "beside.protocol4.pth"));

    [Fact]
    public void Altered_legacy_checkpoints_are_read_or_refused() =>
        new FuzzRun(Read, output).Run(Fixtures("nested.legacy.pth", "types.legacy.pth", "strided.legacy.pth", "shared.legacy.pth", "beside.legacy.pth"));

    [Fact]
    public void Altered_pickles_in_a_sound_archive_are_read_or_refused()
    {
        var pickle = new PickleBuilder().Op("}(").Text("a").Tensor(4, 0, [2, 2], [1, 2]).Text("b").Tensor(4, 1, [3], [1])
            // What it says is left out.
            .Text("note").Text(new string('n', 300))
            .Text("object").Global("a", "B").Op(")R}").Text("k").Int(1).Op("sb(").Text("k").Op("}").Text("t").Tensor(4, 0, [4], [1]).Op("su").Op("u").Stop();

        new FuzzRun(file => Read(PickleBuilder.Zip(file, 4)), output).Run([pickle]);
    }

    [Fact]
    public void Altered_pickles_of_unknown_objects_in_a_sound_archive_are_read_or_refused() =>
        new FuzzRun(file => Read(PickleBuilder.Zip(file, 4)), output).Run([Pickle("beside.pth"), Pickle("beside.protocol4.pth")]);

    // All states, and every way in which they may be the architecture's.
    private static void Read(byte[] file)
    {
        var states = CheckpointFile.Read(file, "x");
        foreach (var state in states.States)
            StateFit.All(Graph, states.Read(state));
    }

    private static byte[] Pickle(string fixture)
    {
        using var archive = ZipFile.OpenRead(TestFiles.Fixture(fixture));
        using var entry = archive.Entries.Single(one => one.Name == "data.pkl").Open();
        using var pickle = new MemoryStream();
        entry.CopyTo(pickle);
        return pickle.ToArray();
    }

    private static byte[][] Fixtures(params string[] names) => [.. names.Select(name => File.ReadAllBytes(TestFiles.Fixture(name)))];
}
