using Nern.Pictures;

namespace Nern.Cli.Tests.Support;

/// <summary>A folder of ten class folders with two small pictures each.</summary>
internal static class PictureFolder
{
    internal const int Images = 20;

    /// <summary>Writes the folder pictures; returns where it is.</summary>
    internal static string AddPictures(this Workspace workspace)
    {
        var generator = new Generator(5);
        for (var i = 0; i < Images; i++)
        {
            var picture = new Picture(48, 40);
            for (var y = 0; y < picture.Height; y++)
                foreach (ref var value in picture.Row(y))
                    value = (byte)generator.NextInt32(256);
            var folder = workspace.Path($"pictures/class{i / 2}");
            Directory.CreateDirectory(folder);
            PngFile.Save(Path.Combine(folder, $"{i % 2}.png"), picture);
        }
        return workspace.Path("pictures");
    }
}
