using Nern.Data.Folders;

namespace Nern.Tests.Data.Folders;

/// <summary>What Fixtures/make_fixtures.py writes.</summary>
internal static class Fixture
{
    internal static Bitmap Noisy() => ImageFile.Decode(File.ReadAllBytes(PathOf("noisy.png")));

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "Folders", "Fixtures", name);

    /// <summary>Pixels that Pillow has made, as planes.</summary>
    internal static byte[] Planes(string name)
    {
        var pixels = File.ReadAllBytes(PathOf(name));
        return [.. Enumerable.Range(0, pixels.Length).Select(i => pixels[(i % (pixels.Length / 3) * 3) + (i / (pixels.Length / 3))])];
    }
}
