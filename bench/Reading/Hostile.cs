using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Nern.Representation;

namespace Nern.Bench.Reading;

/// <summary>
/// Altered .nern files, most with the digest made right again: each is read, all the way to ONNX, or refused by a <see cref="NernException"/>.
/// </summary>
internal static class Hostile
{
    private static readonly byte[] DigestKey = Encoding.ASCII.GetBytes("\"nern.digest\":\"");
    private static readonly string[] Values = ["null", "-1", "0", "99999999", "1e9", "[]", "{}", "\\\"\\\"", "true"];

    /// <summary>Alters a file again and again.</summary>
    internal static void Run(string path, int files)
    {
        var (original, random, refused, slowest) = (File.ReadAllBytes(path), new Random(1), 0, 0.0);
        for (var i = 0; i < files; i++)
        {
            var altered = Altered(original, random);
            var clock = Stopwatch.StartNew();
            try
            {
                _ = NernFile.Load(new MemoryStream(altered)).ToOnnx();
            }
            catch (NernException)
            {
                refused++;
            }
            slowest = Math.Max(slowest, clock.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine($"{Path.GetFileName(path)}: {files} altered files, {refused} refused, the slowest after {slowest:F0} ms");
    }

    private static byte[] Altered(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            // The JSON of the header, where there is any, has most that can go wrong.
            var end = random.Next(4) == 0 ? bytes.Count : Math.Min(bytes.Count, 8 + (int)Math.Clamp(BitConverter.ToInt64(file), 1, 1 << 20));
            var at = random.Next(end);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    // A value of JSON for another.
                    var from = bytes.FindIndex(at, value => value == ':') + 1;
                    var to = from == 0 ? -1 : bytes.FindIndex(from, value => value is (byte)',' or (byte)'}' or (byte)']');
                    if (to < 0)
                        break;
                    bytes.RemoveRange(from, to - from);
                    bytes.InsertRange(from, Encoding.ASCII.GetBytes(Values[random.Next(Values.Length)]));
                    break;
            }
        }
        var altered = bytes.ToArray();
        // The header's length fits again, mostly.
        if (altered.Length > 8 && random.Next(8) != 0)
            BitConverter.TryWriteBytes(altered, BitConverter.ToInt64(file) + altered.Length - file.Length);
        var key = altered.AsSpan().IndexOf(DigestKey) + DigestKey.Length;
        if (key < DigestKey.Length || key + 64 > altered.Length || random.Next(8) == 0)
            return altered;
        altered.AsSpan(key, 64).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(altered)).ToLowerInvariant()).CopyTo(altered, key);
        return altered;
    }
}
