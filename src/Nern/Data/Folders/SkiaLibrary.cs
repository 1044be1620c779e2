using System.Runtime.InteropServices;
using SkiaSharp;

namespace Nern.Data.Folders;

/// <summary>SkiaSharp's native library, by which pictures are decoded and written.</summary>
internal static class SkiaLibrary
{
    private static readonly Lazy<string?> Problem = new(() =>
    {
        try
        {
            SkiaSharpVersion.CheckNativeLibraryCompatible(throwIfIncompatible: true);
            return null;
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or InvalidOperationException)
        {
            // What follows the first sentence is every place that was looked in.
            return (exception.InnerException ?? exception).Message.Split(". ")[0].TrimEnd('.');
        }
    });

    /// <summary>Makes sure that the library is there.</summary>
    /// <exception cref="NernException">It is not, or another version; the message says which package has it.</exception>
    internal static void Require()
    {
        if (Problem.Value is { } problem)
            throw new NernException(
                $"Pictures take the native library of SkiaSharp, which cannot be loaded on {RuntimeInformation.RuntimeIdentifier}: add the package "
                + $"SkiaSharp.NativeAssets of this system to the program ({problem}).");
    }
}
