using System.CommandLine;
using Nern.Pictures;

namespace Nern.Cli.Commands;

/// <summary>How large pictures are, in what is asked and in what is said.</summary>
internal static class PictureSize
{
    // Keeps pictures at a size that programs open.
    private const int Most = 1000;

    /// <summary>For example 818 x 682 pixels.</summary>
    internal static string Of(Picture picture) => $"{picture.Width} x {picture.Height} pixels";

    /// <summary>The value of an option that says how many of something the picture has.</summary>
    /// <exception cref="NernException">It is not from 1 to 1000.</exception>
    internal static int Check(Option<int> option, ParseResult result) => result.GetValue(option) is var value and >= 1 and <= Most
        ? value
        : throw new NernException($"{option.Name} must be from 1 to {Most}; got {result.GetValue(option)}.");
}
