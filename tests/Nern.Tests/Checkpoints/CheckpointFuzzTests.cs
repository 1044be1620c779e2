using Nern.Checkpoints;
using Nern.Tensors;

namespace Nern.Tests.Checkpoints;

/// <summary>
/// Damaged files of every format: they read as something or are refused, without hanging or allocating more than a few times their size.
/// </summary>
public sealed class CheckpointFuzzTests
{
    private const int Rounds = 3000;
    private const long FixedAllocation = 64L << 20;

    [Fact]
    public void Damaged_safetensors_are_read_or_refused()
    {
        using var stream = new MemoryStream();
        var tensors = Enumerable.Range(0, 5).Select(i => KeyValuePair.Create($"t{i}", Tensor.From([i, 2], new float[2 * i])));
        SafetensorsWriter.Write(stream, [.. tensors], new Dictionary<string, string> { ["format"] = "pt" });
        Fuzz(10, [stream.ToArray(), TestFiles.Safetensors("{}")]);
    }

    [Fact]
    public void Damaged_zip_checkpoints_are_read_or_refused() =>
        Fuzz(11, Fixtures("nested.pth", "types.pth", "strided.pth", "protocol4.pth"));

    [Fact]
    public void Damaged_legacy_checkpoints_are_read_or_refused() =>
        Fuzz(12, Fixtures("nested.legacy.pth", "types.legacy.pth", "strided.legacy.pth", "shared.legacy.pth"));

    [Fact]
    public void Damaged_pickles_in_a_sound_archive_are_read_or_refused()
    {
        var pickle = new PickleBuilder().Op("}(").Text("a").Tensor(4, 0, [2, 2], [1, 2]).Text("b").Tensor(4, 1, [3], [1]).Op("u").Stop();
        Fuzz(13, [pickle], damaged => PickleBuilder.Zip(damaged, 4));
    }

    private static byte[][] Fixtures(params string[] names) => [.. names.Select(name => File.ReadAllBytes(TestFiles.Fixture(name)))];

    private static void Fuzz(ulong seed, byte[][] originals, Func<byte[], byte[]>? wrap = null)
    {
        var generator = new Generator(seed);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(originals[round % originals.Length], originals[generator.NextInt32(originals.Length)], generator);
            bytes = wrap?.Invoke(bytes) ?? bytes;
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Checkpoint.Read(bytes, "x");
            }
            catch (NernException exception)
            {
                refused++;
                Assert.StartsWith("'x' ", exception.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', exception.Message);
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= 10L * bytes.Length + FixedAllocation,
                $"Round {round}: {allocated} bytes for a file of {bytes.Length}.");
        }
        // Otherwise the damage misses what matters.
        Assert.InRange(refused, Rounds / 4, Rounds);
    }

    private static byte[] Damage(byte[] original, byte[] other, Generator generator)
    {
        var bytes = (byte[])original.Clone();
        switch (generator.NextInt32(5))
        {
            case 0:
                return bytes[..generator.NextInt32(bytes.Length)];
            case 1:
                return [.. bytes[..generator.NextInt32(bytes.Length)], .. other[generator.NextInt32(other.Length)..]];
            case 2:
                for (var flips = 1 + generator.NextInt32(8); flips > 0; flips--)
                    bytes[generator.NextInt32(bytes.Length)] ^= (byte)(1 << generator.NextInt32(8));
                return bytes;
            case 3:
                for (var changes = 1 + generator.NextInt32(4); changes > 0; changes--)
                    bytes[generator.NextInt32(bytes.Length)] = (byte)generator.NextInt32(256);
                return bytes;
            default:
                // Extreme lengths.
                var at = generator.NextInt32(bytes.Length);
                var length = Math.Min(1 + generator.NextInt32(8), bytes.Length - at);
                bytes.AsSpan(at, length).Fill(generator.NextInt32(2) == 0 ? (byte)0xFF : (byte)0x7F);
                return bytes;
        }
    }
}
