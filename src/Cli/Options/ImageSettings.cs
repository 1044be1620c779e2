using System.CommandLine;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Options;

/// <summary>Where images come from and how they are normalised.</summary>
internal sealed class ImageSettings(string purpose)
{
    private readonly Option<string?> _data = Setting.Text(
        "--data", "SOURCE", $"{purpose}: cifar10:FOLDER or cifar100:FOLDER, a folder with the files of the official binary version; "
        + "imagefolder:FOLDER, a folder of JPEG and PNG files for each class (imagefolder:FOLDER,test=0/10 tests with every tenth and "
        + "trains with the rest); or shapes, the built-in pictures.");

    private readonly Option<float[]> _mean = Setting.Channels(
        "--mean", "Mean of each channel that images are normalised with (default: what published networks for the data took).");

    private readonly Option<float[]> _std = Setting.Channels(
        "--std", "Standard deviation of each channel, or one for all; goes with --mean.");

    private readonly Option<int?> _range = Setting.OptionalNumber<int>(
        "--range", "1|255", "What a pixel of 255 is before --mean is taken off (default: 1).");

    private readonly Option<ChannelOrder?> _channels = Setting.OptionalChoice<ChannelOrder>(
        "--channels", "The order in which the network takes the colours, and --mean and --std name them (default: rgb).");

    internal OptionGroup Group(params IEnumerable<Option> more) => new("Images", [_data, .. more, _mean, _std, _range, _channels]);

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
        var (range, order) = (result.GetValue(_range), result.GetValue(_channels));
        if (mean.Length == 0 != (std.Length == 0))
            throw new NernException($"--mean and --std belong together; got only {(mean.Length == 0 ? "--std" : "--mean")}.");
        if (mean.Length == 0 && (range is not null || order is not null))
            throw new NernException(
                $"{(range is not null ? "--range" : "--channels")} says how --mean and --std are meant; got neither of them.");
        if (mean.Length > 1 && std.Length == 1)
            std = [.. Enumerable.Repeat(std[0], mean.Length)];
        var normalization = mean.Length > 0 ? new Normalization(mean, std, range ?? 1, order ?? ChannelOrder.Rgb)
            : provenance?.Normalization ?? source?.DefaultNormalization;
        return normalization is null || normalization.Channels == Channels
            ? normalization
            : throw new NernException($"--mean and --std take a number for each of the {Channels} channels; got {normalization.Channels}.");
    }

    /// <summary>Says which images could not be read, if any: at the end, when all were tried.</summary>
    internal static void ReportUnreadable(Terminal terminal, DataSource? source)
    {
        if (source?.Unreadable is not { Count: > 0 and var count } unreadable)
            return;
        terminal.Report(
            $"Note: {count} {(count == 1 ? "image" : "images")} could not be read and {(count == 1 ? "was" : "were")} left out:");
        foreach (var file in unreadable.Take(Named))
            terminal.Report($"  {file}");
        if (count > Named)
            terminal.Report($"  and {count - Named} more");
    }

    private const int Named = 5;

    private const int Channels = 3;
}
