using Nern.Pictures;

namespace Nern.Tests.Data.Folders;

/// <summary>A folder of class folders of small pictures, which goes away with the test.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal string FullName => _folder.FullName;

    /// <summary>Writes a picture of random pixels; of another seed it is another picture.</summary>
    internal PictureFolder Add(string file, ulong seed = 1, int width = 40, int height = 30, int channels = 3)
    {
        var generator = new Generator(seed);
        var picture = new Picture(width, height, channels);
        for (var y = 0; y < height; y++)
            foreach (ref var value in picture.Row(y))
                value = (byte)generator.NextInt32(256);
        PngFile.Save(PathOf(file), picture);
        return this;
    }

    /// <summary>Writes a picture of planes, [3, height, width].</summary>
    internal PictureFolder Add(string file, ReadOnlySpan<byte> planes, int width, int height)
    {
        var picture = new Picture(width, height);
        for (var y = 0; y < height; y++)
            for (var i = 0; i < 3 * width; i++)
                picture.Row(y)[i] = planes[(((i % 3 * height) + y) * width) + (i / 3)];
        PngFile.Save(PathOf(file), picture);
        return this;
    }

    internal PictureFolder AddText(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        return this;
    }

    public void Dispose() => _folder.Dispose();

    private string PathOf(string file)
    {
        var path = _folder.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
