using System.Diagnostics;
using System.Runtime.CompilerServices;
using Nern.NetworkFiles;
using Nern.Representation;

namespace Nern.Tests;

/// <summary>samples/Ship, as the program that it is.</summary>
public class ShipTests
{
    [Fact]
    public void The_sample_classifies_its_picture_by_the_network_that_it_carries()
    {
        var lines = Run();

        Assert.StartsWith("ring ", lines[0]);
        Assert.EndsWith(" MB at most", lines[3]);
    }

    [Fact]
    public void Its_logits_are_those_of_the_network_that_is_written_to_a_file()
    {
        using var folder = new TemporaryFolder();
        var root = Path.GetFullPath(Path.Combine(Folder(), "..", ".."));
        NetworkFile.Save(folder.File("net.onnx"), NernFile.Load(Path.Combine(root, "samples", "Ship", "shapes.nern")).Reconstruct());
        var picture = Path.Combine(root, "samples", "Ship", "ring.png");

        Assert.Equal(Run(picture)[..3], Run(picture, folder.File("net.onnx"))[..3]);
    }

    private static string[] Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ship.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, error.Result));
        return output.TrimEnd('\n').Split('\n');
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
