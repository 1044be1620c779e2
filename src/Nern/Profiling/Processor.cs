using System.Runtime.InteropServices;

namespace Nern.Profiling;

/// <summary>The processor this runs on.</summary>
internal static class Processor
{
    private const string LinuxList = "/proc/cpuinfo";

    /// <summary>Its name as the system gives it, or its architecture.</summary>
    internal static string Name { get; } =
        (File.Exists(LinuxList) ? File.ReadLines(LinuxList) : [])
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[^1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
