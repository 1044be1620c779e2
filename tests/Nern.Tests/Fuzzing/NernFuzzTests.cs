using System.Text;
using Nern.OneDnn;
using Nern.Onnx;
using Nern.Packaging;
using Nern.Representation;
using Nern.Tests.Onnx;
using Nern.Tests.Packaging;
using Nern.Tests.Representation;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class NernFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Numbers = ["9", "-", "99999999", "1e9", "0.5"];

    [Fact]
    public void Altered_nern_files_are_read_or_refused()
    {
        var read = 0;
        using var engine = new CpuEngine();
        new FuzzRun(Read, output).Run([.. Enum.GetValues<OrderingKind>().Select(kind => NernBytes.Of(ExampleRepresentation.Create(kind, "flattened map"))), OfModel()], Alter);

        void Read(byte[] file)
        {
            var representation = NernFile.Read(file, "x");
            // Now and then: compiling costs far more than reading.
            if (++read % 1000 != 0 || representation.Design.Layout.Kernels >= 10_000)
                return;
            try
            {
                representation.Reconstruct(engine);
            }
            catch (NernException exception)
            {
                throw new NernException($"'x' {exception.Message}", exception);
            }
        }
    }

    private static byte[] OfModel()
    {
        var model = OnnxFile.Read(OnnxFixture.Bytes("residual"), "x.onnx");
        var representation = ExampleRepresentation.Create(OrderingKind.None);
        return NernBytes.Of(new NeuralRepresentation(
            representation.Graph, representation.Design, representation.Parameters, representation.Tensors, representation.Provenance)
        {
            Onnx = model.Onnx,
        });
    }

    /// <summary>Mostly with the digest made right again, without which only the digest would be looked at.</summary>
    private static byte[] Alter(byte[] file, byte[] other, Generator random)
    {
        var altered = random.NextInt32(3) == 0 ? Mutation.Alter(file, other, random) : AlterHeader(file, random);
        return random.NextInt32(8) == 0 ? altered : NernBytes.WithDigest(altered);
    }

    /// <summary>Changes bytes, or repeats or removes pieces of the header, whose length is then corrected more often than not.</summary>
    private static byte[] AlterHeader(byte[] file, Generator random)
    {
        var headerLength = (int)BitConverter.ToInt64(file);
        var header = file[8..(8 + headerLength)].ToList();
        for (var changes = 1 + random.NextInt32(3); changes > 0; changes--)
        {
            var start = random.NextInt32(header.Count);
            var piece = header.GetRange(start, Math.Min(1 + random.NextInt32(12), header.Count - start));
            switch (random.NextInt32(5))
            {
                case 0:
                    header[start] = (byte)random.NextInt32(256);
                    break;
                case 1:
                    header.RemoveRange(start, piece.Count);
                    break;
                case 2:
                    header.InsertRange(random.NextInt32(header.Count), piece);
                    break;
                case 3:
                    // A digit for a digit keeps the JSON whole.
                    var digit = header.FindIndex(start, IsDigit);
                    if (digit >= 0)
                        header[digit] = (byte)('0' + random.NextInt32(10));
                    break;
                default:
                    var number = header.FindIndex(start, IsDigit);
                    if (number >= 0)
                        header.InsertRange(number, Encoding.ASCII.GetBytes(Numbers[random.NextInt32(Numbers.Length)]));
                    break;
            }
        }
        return [.. BitConverter.GetBytes(random.NextInt32(4) == 0 ? headerLength : (long)header.Count), .. header, .. file.AsSpan(8 + headerLength)];
    }

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
