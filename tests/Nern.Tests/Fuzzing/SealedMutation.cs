using System.Text;
using Nern.Tests.Representation;

namespace Nern.Tests.Fuzzing;

/// <summary>Alters files of ours, which hold JSON and a digest.</summary>
internal static class SealedMutation
{
    private static readonly string[] Numbers = ["9", "-", "99999999", "1e9", "0.5"];

    /// <summary>Mostly with the digest made right again, without which only the digest would be looked at.</summary>
    internal static byte[] Alter(byte[] file, byte[] other, Generator random)
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
        return [.. BitConverter.GetBytes(random.NextInt32(4) == 0 ? headerLength : (long)header.Count), .. header,
            .. file.AsSpan(8 + headerLength)];
    }

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
