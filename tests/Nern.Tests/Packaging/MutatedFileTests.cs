using System.Text;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Tests.Checkpoints;

namespace Nern.Tests.Packaging;

public sealed class MutatedFileTests
{
    private static readonly string[] Digits = ["9", "-", "99999999", "1e9", "0.5"];

    [Fact]
    public void Whatever_is_mutated_the_answer_is_a_sentence_or_a_representation()
    {
        var random = new Generator(5);
        byte[][] files = [.. Enum.GetValues<OrderingKind>().Select(NernBytes.Of)];
        var (refused, loaded) = (0, 0);
        using var engine = new CpuEngine();
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 3000; i++)
        {
            var bytes = NernBytes.WithDigest(Mutate(files[i % files.Length], random));
            try
            {
                var representation = NernBytes.LoadBounded(bytes, folder);
                loaded++;
                // Now and then: compiling costs far more than reading.
                if (loaded % 200 == 0 && representation.Design.Layout.Kernels < 10_000)
                    representation.Reconstruct(engine);
            }
            catch (NernException exception)
            {
                refused++;
                Assert.True(exception.Message.Length < 1000, exception.Message);
            }
        }
        // Mutations of the numbers change the values only; the rest is refused.
        Assert.True(refused > 1000 && loaded > 100, $"{refused} refused, {loaded} loaded");
    }

    /// <summary>Changes bytes, or repeats or removes pieces of the header, whose length is then corrected more often than not.</summary>
    private static byte[] Mutate(byte[] file, Generator random)
    {
        var headerLength = (int)BitConverter.ToInt64(file);
        var header = file[8..(8 + headerLength)].ToList();
        var data = file[(8 + headerLength)..];
        for (var mutations = 1 + random.NextInt32(3); mutations > 0; mutations--)
        {
            var (start, length) = (random.NextInt32(header.Count), 1 + random.NextInt32(12));
            var piece = header.Skip(start).Take(length).ToArray();
            switch (random.NextInt32(6))
            {
                case 0:
                    header[start] = (byte)random.NextInt32(256);
                    break;
                case 1:
                    header.RemoveRange(start, piece.Length);
                    break;
                case 2:
                    header.InsertRange(random.NextInt32(header.Count), piece);
                    break;
                case 3:
                    // A digit for a digit keeps the JSON whole.
                    var digit = header.FindIndex(start, c => c is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                        header[digit] = (byte)('0' + random.NextInt32(10));
                    break;
                case 4:
                    var number = header.FindIndex(start, c => c is >= (byte)'0' and <= (byte)'9');
                    if (number >= 0)
                        header.InsertRange(number, Encoding.ASCII.GetBytes(Digits[random.NextInt32(Digits.Length)]));
                    break;
                default:
                    data[random.NextInt32(data.Length)] = (byte)random.NextInt32(256);
                    break;
            }
        }
        return [.. BitConverter.GetBytes(random.NextInt32(4) == 0 ? headerLength : (long)header.Count), .. header, .. data];
    }
}
