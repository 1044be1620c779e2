using Nern.Checkpoints;
using Nern.Checkpoints.Safetensors;
using Nern.Tensors;
using Nern.Tests.Checkpoints;
using Nern.Tests.Checkpoints.Torch;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class CheckpointFuzzTests(ITestOutputHelper output)
{
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
        new FuzzRun(Read, output).Run(Fixtures("nested.pth", "types.pth", "strided.pth", "protocol4.pth"));

    [Fact]
    public void Altered_legacy_checkpoints_are_read_or_refused() =>
        new FuzzRun(Read, output).Run(Fixtures("nested.legacy.pth", "types.legacy.pth", "strided.legacy.pth", "shared.legacy.pth"));

    [Fact]
    public void Altered_pickles_in_a_sound_archive_are_read_or_refused()
    {
        var pickle = new PickleBuilder().Op("}(").Text("a").Tensor(4, 0, [2, 2], [1, 2]).Text("b").Tensor(4, 1, [3], [1])
            // What it says is left out.
            .Text("note").Text(new string('n', 300)).Op("u").Stop();

        new FuzzRun(file => Read(PickleBuilder.Zip(file, 4)), output).Run([pickle]);
    }

    private static void Read(byte[] file) => Checkpoint.Read(file, "x");

    private static byte[][] Fixtures(params string[] names) => [.. names.Select(name => File.ReadAllBytes(TestFiles.Fixture(name)))];
}
