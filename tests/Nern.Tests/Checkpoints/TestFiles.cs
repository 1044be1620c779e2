using System.IO.Compression;
using System.Text;

namespace Nern.Tests.Checkpoints;

/// <summary>Where the tests find files, and small files made on the spot.</summary>
internal static class TestFiles
{
    /// <summary>A checkpoint made by PyTorch with Fixtures/make_fixtures.py.</summary>
    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Checkpoints", "Fixtures", name);

    /// <summary>A file of the data folder; the test is skipped without it.</summary>
    public static string Data(string relativePath)
    {
        var roots = new List<string>();
        if (Environment.GetEnvironmentVariable("NERN_DATA") is { Length: > 0 } named)
            roots.Add(named);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            roots.Add(Path.Combine(folder.FullName, "shared", "data"));
        var found = roots.Select(root => Path.Combine(root, relativePath)).FirstOrDefault(File.Exists);
        Skip.If(found is null, $"'{relativePath}' is not here: set NERN_DATA to the folder of the development data.");
        return found!;
    }

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

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("nern-tests-").FullName;

    public string File(string name) => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
