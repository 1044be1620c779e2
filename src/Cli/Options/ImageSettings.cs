using System.CommandLine;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.Fitting;
using Nern.Networks;
using Nern.Representation;

namespace Nern.Cli.Options;

/// <summary>Where images come from and how they are normalised.</summary>
internal sealed class ImageSettings(string purpose)
{
    private readonly Option<string?> _data = Setting.Text(
        "--data", "SOURCE", $"{purpose}: cifar10:FOLDER or cifar100:FOLDER, a folder with the files of the official binary version; "
        + "mnist:FOLDER, one with MNIST's IDX files; imagefolder:FOLDER, a folder of JPEG and PNG files for each class "
        + "(imagefolder:FOLDER,test=0/10 tests with every tenth and trains with the rest); or shapes, the built-in pictures. "
        + "Behind each may stand ,resize=N: what the shorter side is resized to before the middle is cut out.");

    private readonly Option<float[]> _mean = Setting.Channels(
        "--mean", "Mean of each channel that images are normalised with (default: what published networks for the data took).");

    private readonly Option<float[]> _std = Setting.Channels(
        "--std", "Standard deviation of each channel, or one for all; goes with --mean.");

    private readonly Option<int?> _range = Setting.OptionalNumber<int>(
        "--range", "1|255", "What a pixel of 255 is before --mean is taken off (default: 1).");

    private readonly Option<ChannelOrder?> _channels = Setting.OptionalChoice<ChannelOrder>(
        "--channels", "The order in which the network takes the colours, and --mean and --std name them (default: rgb).");

    internal OptionGroup Group => new("Images", [_data, _mean, _std, _range, _channels]);

    /// <summary>Makes a command fail without images.</summary>
    internal void Require() => _data.Required = true;

    /// <summary>The source named, or null; nothing of it is read yet.</summary>
    /// <exception cref="NernException">It is not understood.</exception>
    internal DataSource? Source(ParseResult result) => result.GetValue(_data) is { } text ? DataSource.Parse(text) : null;

    /// <summary>What is given, else what a representation was fitted with, else what is usual for the images, else null.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="channels">Channels that the network takes.</param>
    /// <param name="source">The images, with as many channels.</param>
    /// <param name="provenance">Of the representation.</param>
    /// <exception cref="NernException">
    /// Only one of mean and deviation is given, a value cannot be used, or there is not one for each channel.
    /// </exception>
    internal Normalization? Normalization(ParseResult result, int channels, DataSource? source, Provenance? provenance = null)
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
        return normalization is null || normalization.Channels == channels
            ? normalization
            : throw new NernException(
                $"--mean and --std take a number for each of the {channels} channels; got {normalization.Channels}.");
    }

    /// <summary>What a network is distilled on and tested with; says what is done to the images.</summary>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="result">The command line.</param>
    /// <param name="graph">The network.</param>
    /// <param name="source">The images, in its shape; null where there is noise alone.</param>
    /// <param name="noise">The noise to distil on in their place, or none.</param>
    /// <param name="provenance">Of the representation, where there is one.</param>
    /// <exception cref="NernException">The images do not fit the network, or how they are normalised.</exception>
    internal FitInputs Inputs(
        Terminal terminal, ParseResult result, Graph graph, DataSource? source, NoiseKind noise, Provenance? provenance)
    {
        var shape = graph.InputShape;
        var normalization = Normalization(result, shape.Channels, source, provenance);
        if (source is not null)
            ReportUse(terminal, graph, noise != NoiseKind.None ? [source.Test] : [source.Train, source.Test]);
        return noise != NoiseKind.None
            ? FitInputs.FromNoise(shape, noise, source?.Test, normalization)
            : FitInputs.FromImages(source!.Train, normalization!, source.Test);
    }

    /// <summary>
    /// Says what is done to images so that they are as the network takes them, and whether they are of fewer classes than it tells apart.
    /// </summary>
    internal static void ReportUse(Terminal terminal, Graph graph, params IEnumerable<LabelledImages> sets)
    {
        foreach (var preparation in sets.Select(set => set.Preparation).OfType<string>().Distinct())
            terminal.Report(preparation);
        if (!graph.EndsInFeatures && sets.Min(set => set.Classes) is var classes && classes < graph.Classes)
            terminal.Report(
                $"Note: the images are of {classes} {(classes == 1 ? "class" : "classes")}, taken as the first of the {graph.Classes} that the network "
                + "tells apart; where they are others, or folders are missing, synsets.txt beside the class folders names all, in the network's order.");
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
}
