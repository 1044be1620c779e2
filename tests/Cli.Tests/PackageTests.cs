using System.Reflection;
using System.Runtime.CompilerServices;
using Nern.Cli.Tests.Support;

namespace Nern.Cli.Tests;

/// <summary>The packages are used as their users do: from a folder of packages, outside of the repository, without a network.</summary>
public sealed class PackageTests : IDisposable
{
    // Never one that some cache knows already.
    private readonly string _version = $"0.1.0-test.g{Guid.NewGuid():N}";
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public PackageTests()
    {
        var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        DotnetCommand.Run(
            Root(), "pack", "Nern.slnx", "--no-build", "--configuration", configuration, "--output", _workspace.Path("packages"),
            $"-p:PackageVersion={_version}");
        _workspace.Write("nuget.config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="packages" value="packages" />
              </packageSources>
            </configuration>
            """u8.ToArray());
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void They_install_and_build()
    {
        Assert.Equal(
            [$"Nern.{_version}.nupkg", $"Nern.Cli.{_version}.nupkg", $"Nern.Reader.{_version}.nupkg"],
            Directory.GetFiles(_workspace.Path("packages")).Select(Path.GetFileName).OrderBy(name => name!.Length));
        TheToolRuns();
        TheLibraryRuns();
    }

    private void TheToolRuns()
    {
        var folder = _workspace.Path("");
        DotnetCommand.Run(folder, "tool", "install", "Nern.Cli", "--tool-path", "tool", "--version", _version);
        var tool = _workspace.Path("tool/nern");
        Assert.Equal(_workspace.Run("--version").Output, DotnetCommand.RunProgram(tool, folder, "--version"));
        Assert.Equal(
            _workspace.Run("info", "@tiny.safetensors").Output,
            DotnetCommand.RunProgram(tool, folder, "info", _workspace.Path("tiny.safetensors")));
        string[] show = ["data", "show", $"imagefolder:{_workspace.AddPictures()}", "-o", _workspace.Path("sheet.png")];
        Assert.Equal(_workspace.Run(show).Output, DotnetCommand.RunProgram(tool, folder, show));
    }

    private void TheLibraryRuns()
    {
        // What the packages need is taken from where building them has put it; they themselves go into a folder that goes away.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(_workspace.Path("consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesPath>restored</RestorePackagesPath>
                <RestoreFallbackFolders>{cache}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
                <UseSharedCompilation>false</UseSharedCompilation>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Nern" Version="{_version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(_workspace.Path("Program.cs"), """
            using var engine = new Nern.OneDnn.CpuEngine();
            var network = Nern.NetworkFiles.NetworkFile.Load(args[0], Nern.Networks.Architectures.CifarResNet.Build(8));
            using var plan = new Nern.Evaluation.Classifier(engine, network);
            var images = Nern.Data.DataSource.Parse(args[1]);
            System.Console.WriteLine(plan.Logits(images.Test, images.DefaultNormalization).Length);
            var pictures = Nern.Data.DataSource.Parse(args[2]).For(new(3, 32, 32));
            System.Console.WriteLine(plan.Logits(pictures.Test, pictures.DefaultNormalization).Length);
            """);
        var output = DotnetCommand.Run(
            _workspace.Path(""), "run", "--", _workspace.Path("tiny.safetensors"), $"cifar10:{_workspace.Path("cifar")}",
            $"imagefolder:{_workspace.AddPictures()}");
        Assert.Equal($"{10 * TinyModel.Images}\n{10 * PictureFolder.Images}", output.Trim());
    }

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
