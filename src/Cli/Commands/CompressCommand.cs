using System.CommandLine;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Data;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Cli.Commands;

/// <summary><c>nern compress</c>: a network, or a .nern file of one, becomes a small .nern file.</summary>
internal sealed class CompressCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly NetworkSettings _network = new("--image-size");
    private readonly ImageSettings _images = new("Images to distil on and to test with");
    private readonly EntrySettings<CompressOptions> _compress = new();

    private readonly Argument<string> _file = new("NETWORK|FILE.nern")
    {
        Description =
            "The trained network, as fit takes it; or a .nern file of it to begin with, whose predicted layers stay predicted.",
    };

    private readonly Option<string?> _original = Setting.Text("--original", "NETWORK", "Of a .nern file: the network to distil, which it was fitted to or one like it.");

    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();

    private readonly Option<string?> _output = Setting.Text("--output", "FILE", "The small .nern file to write.", "-o");

    private readonly Option<double?> _within = Setting.OptionalNumber<double>(
        "--within", "POINTS",
        "In place of --size: the smallest file that loses no more points of accuracy on inputs set aside, as the original expects by its own "
        + "probabilities, mostly more than are lost. Short compressions of several sizes find it.");

    private readonly Option<bool> _resume = Setting.Switch(
        "--resume", "Go on from FILE.checkpoint, which an unfinished compression leaves, to the same result as if it had not stopped.");

    private readonly Option<double> _checkpointMinutes = Setting.Number(
        "--checkpoint-minutes", "M", 1.0, "Minutes between two checkpoints: the most that a crash costs.");

    private readonly Option<string?> _report = Setting.Text(
        "--report", "FILE", "Also write what the compression has come to, and every evaluation on the way, to a file of JSON.");

    internal CompressCommand(Terminal terminal)
        : base("compress", """
            Makes a small .nern file of a network.

            Weights become integers, chosen by distilling from the original with what they take in the file counted in the
            loss; normalisations are folded to a factor and a bias a channel. All is coded arithmetically. No labels are
            used. Of the states that are small enough the one that comes closest to the original on inputs set aside is
            kept. Ctrl-C, SIGTERM and SIGHUP stop early and keep what was reached; --resume goes on, after a crash too.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "NETWORK (--data SOURCE | --noise) -o FILE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples =>
    [
        "nern compress resnet20.th --architecture resnet20 --data cifar10:cifar-10-batches-bin --size 5% -o small.nern",
        "nern compress classifier.onnx --data imagefolder:photographs --size 60000 -o small.nern",
        "nern compress resnet20.th --architecture resnet20 --data cifar10:cifar-10-batches-bin --within 3 -o small.nern",
        "nern compress small.nern --original resnet20.th --data cifar10:cifar-10-batches-bin --size 4% -o smaller.nern",
        "nern compress resnet20.nern --original resnet20.th --data cifar10:cifar-10-batches-bin --size 7% -o small.nern",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Result", [_output, _within, _report, _resume, _checkpointMinutes]), new("Original", [_original, _originalState]), _network.Group,
        _images.Group, .. _compress.Groups,
    ];

    private int Run(ParseResult result)
    {
        // Everything that can be wrong is looked at before the long work.
        var options = _compress.Read(result, new()).Validate();
        var (file, output) = (result.GetRequiredValue(_file)!, result.GetRequiredValue(_output)!);
        var named = result.GetValue(_original);
        var checkpoints = new SavingOptions
        {
            Path = $"{output}.checkpoint",
            Result = output,
            Minutes = result.GetValue(_checkpointMinutes),
        };
        var (report, trials) = (result.GetValue(_report), $"{output}.sizes.checkpoint");
        var within = result.GetValue(_within);
        if (within is < 0 or > 100 or double.NaN)
            throw new NernException($"{_within.Name} takes points from 0 to 100; got {within}.");
        if (within is not null && _compress.IsGiven(result, "size"))
            throw new NernException($"{_within.Name} looks for a size: leave --size away.");
        foreach (var written in new[] { output, checkpoints.Path, trials, report }.OfType<string>())
            OutputFile.Check(written, [file, .. named is null ? Array.Empty<string>() : [named]]);
        var source = _images.Source(result);
        if (source is null && options.Noise == NoiseKind.None)
            throw new NernException("A compression distils: give it --data or --noise.");
        var representation = NernFile.IsNern(file) ? NernFile.Load(file) : null;
        if (representation is null && (named ?? result.GetValue(_originalState)) is not null)
            throw new NernException($"{_original.Name} goes with a .nern file; '{file}' is none.");
        if (representation is not null)
            _network.CheckAbsent(file, result);
        if (representation is not null && named is null)
            throw new NernException($"'{file}' is a neural representation: give the network that it was fitted to as {_original.Name}.");
        var network = representation is null
            ? _network.Load(_terminal, file, result, source)
            : OriginalNetwork.Load(_terminal, named!, result.GetValue(_originalState), representation.Graph, representation);
        source = source?.For(network.Graph.InputShape);
        var inputs = _images.Inputs(_terminal, result, network.Graph, source, options.Noise, representation?.Provenance);
        using var engine = Engines.Open();
        options = options with { Precision = Engines.Precision(_terminal, engine, options.Precision) };
        var resumes = result.GetValue(_resume);
        var resume = (within is null || File.Exists(checkpoints.Path)) && UnfinishedWork.Find(_terminal, checkpoints.Path, resumes)
            ? UnfinishedCompression.Load(checkpoints.Path)
            : null;
        var run = new CompressionRun(_terminal, output, report, checkpoints);
        if (within is { } points)
        {
            var search = new SizeSearch(engine, network, inputs, options, points, representation);
            if (UnfinishedWork.Find(_terminal, trials, resumes))
                search.Resume(UnfinishedSizeSearch.Load(trials));
            if (!run.Find(search, trials))
                return _terminal.InterruptedCode;
            options = search.Found;
        }
        var code = run.Run(engine, network, inputs, options, representation, resume);
        if (code == ExitCode.Success && within is not null)
            UnfinishedWork.Delete(_terminal, trials);
        ImageSettings.ReportUnreadable(_terminal, source);
        return code;
    }
}
