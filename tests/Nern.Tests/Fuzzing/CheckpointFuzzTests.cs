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
        new FuzzRun(Read, output).Run(
            Fixtures("nested.pth", "types.pth", "strided.pth", "protocol4.pth", "beside.pth", "beside.protocol4.pth"));

    [Fact]
    public void Altered_legacy_checkpoints_are_read_or_refused() =>
        new FuzzRun(Read, output).Run(
            Fixtures("nested.legacy.pth", "types.legacy.pth", "strided.legacy.pth", "shared.legacy.pth", "beside.legacy.pth"));

    [Fact]
    public void Altered_pickles_in_a_sound_archive_are_read_or_refused()
    {
        var pickle = new PickleBuilder().Op("}(").Text("a").Tensor(4, 0, [2, 2], [1, 2]).Text("b").Tensor(4, 1, [3], [1])
            // What it says is left out.
            .Text("note").Text(new string('n', 300))
            .Text("object").Global("a", "B").Op(")R}").Text("k").Int(1).Op("sb(").Text("k").Op("}").Text("t").Tensor(4, 0, [4], [1])
                .Op("su").Op("u").Stop();

        new FuzzRun(file => Read(PickleBuilder.Zip(file, 4)), output).Run([pickle]);
    }

    [Theory]
    [InlineData("beside.pth")]
    [InlineData("beside.protocol4.pth")]
    public void Altered_pickles_of_unknown_objects_in_a_sound_archive_are_read_or_refused(string fixture)
    {
        var entries = Entries(fixture);
        var pickle = Array.FindIndex(entries, entry => entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal));

        new FuzzRun(
            file =>
                Read(TestFiles.Zip(CompressionLevel.NoCompression,
                    [.. entries[..pickle], (entries[pickle].Name, file), .. entries[(pickle + 1)..]])),
            output).Run([entries[pickle].Content]);
    }

    // All states, and every way in which they may be the architecture's.
    private static void Read(byte[] file)
    {
        var states = CheckpointFile.Read(file, "x");
        foreach (var state in states.States)
            StateFit.All(Graph, states.Read(state));
    }

    private static (string Name, byte[] Content)[] Entries(string fixture)
    {
        using var archive = ZipFile.OpenRead(TestFiles.Fixture(fixture));
        return [.. archive.Entries.Select(entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return (entry.FullName, content.ToArray());
        })];
    }

    private static byte[][] Fixtures(params string[] names) => [.. names.Select(name => File.ReadAllBytes(TestFiles.Fixture(name)))];
}
