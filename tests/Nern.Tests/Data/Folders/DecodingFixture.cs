namespace Nern.Tests.Data.Folders;

/// <summary>The images that Fixtures/Decoding/make_fixtures.py writes.</summary>
internal static class DecodingFixture
{
    internal const int Width = 37;
    internal const int Height = 26;

    internal static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder).Select(Path.GetFileName).OfType<string>()
            .Where(name => Path.GetExtension(name) is ".jpg" or ".png").Order();

    private static string Folder => Fixture.PathOf("Decoding");

    internal static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
