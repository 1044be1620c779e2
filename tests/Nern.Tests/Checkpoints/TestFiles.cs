using System.IO.Compression;
using System.Text;

namespace Nern.Tests.Checkpoints;

/// <summary>Where the tests find files, and small files made on the spot.</summary>
internal static class TestFiles
{
    /// <summary>A checkpoint made by PyTorch with Fixtures/make_fixtures.py.</summary>
    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Checkpoints", "Fixtures", name);

    /// <summary>The float32 values that make_fixtures.py puts into a tensor.</summary>
    public static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (i - 3) / 2f)];

    /// <summary>A safetensors file with this header, whatever it says, and this many zero bytes of data.</summary>
    public static byte[] Safetensors(string header, int dataLength = 0)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[dataLength]];
    }

    /// <summary>A zip archive of these entries.</summary>
    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>The message of the error that <paramref name="read"/> ends with.</summary>
    public static string ErrorOf(Action read) => Assert.Throws<NernException>(read).Message;
}
