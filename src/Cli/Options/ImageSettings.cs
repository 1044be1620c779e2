using System.CommandLine;
using Nern.Data;
using Nern.Representation;

namespace Nern.Cli.Options;

/// <summary>Where images come from and how they are normalised.</summary>
internal sealed class ImageSettings(string purpose)
{
    private readonly Option<string?> _data = Setting.Text(
        "--data", "SOURCE", $"{purpose}: cifar10:FOLDER or cifar100:FOLDER, a folder with the files of the official binary version; "
        + "or shapes, the built-in pictures.");

    private readonly Option<float[]> _mean = Setting.Channels(
        "--mean", "Mean of each channel that images are normalised with (default: what published networks for the data took).");

    private readonly Option<float[]> _std = Setting.Channels("--std", "Standard deviation of each channel; goes with --mean.");

    internal OptionGroup Group(params IEnumerable<Option> more) => new("Images", [_data, .. more, _mean, _std]);

    /// <summary>Makes a command fail without images.</summary>
    internal void Require() => _data.Required = true;

    /// <summary>The source named, or null; nothing of it is read yet.</summary>
    /// <exception cref="NernException">It is not understood.</exception>
    internal DataSource? Source(ParseResult result) => result.GetValue(_data) is { } text ? DataSource.Parse(text) : null;

    /// <summary>What is given, else what a representation was fitted with, else what is usual for the images, else null.</summary>
    /// <exception cref="NernException">Only one of mean and deviation is given, or a value cannot be used.</exception>
    internal Normalization? Normalization(ParseResult result, DataSource? source, Provenance? provenance = null)
    {
        var (mean, std) = (result.GetValue(_mean) ?? [], result.GetValue(_std) ?? []);
        if (mean.Length == 0 != (std.Length == 0))
            throw new NernException($"--mean and --std belong together; got only {(mean.Length == 0 ? "--std" : "--mean")}.");
        var normalization = mean.Length > 0 ? new Normalization(mean, std)
            : provenance is { Mean: { } fittedMean, Std: { } fittedStd } ? new Normalization(fittedMean, fittedStd)
            : source?.DefaultNormalization;
        return normalization is null || normalization.Channels == Channels
            ? normalization
            : throw new NernException($"--mean and --std take a number for each of the {Channels} channels; got {normalization.Channels}.");
    }

    private const int Channels = 3;
}
