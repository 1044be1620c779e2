using System.CommandLine;
using System.Diagnostics;
using Nern.Cli.Display.Reports;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Compression;
using Nern.Data;
using Nern.Evaluation;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Spectre.Console;

namespace Nern.Cli.Commands;

/// <summary><c>nern demo</c>: the whole way through on a network and on pictures that come with the program.</summary>
internal sealed class DemoCommand : Command, IDocumented
{
    private const string Architecture = "resnet20";
    private const string Pictures = "shapes";

    private readonly Terminal _terminal;
    private readonly Func<IReadOnlyList<string>, int> _run;

    private readonly Option<string?> _output = Setting.Text(
        "--output", "FOLDER", "The folder to write into; made if it is not there.", "-o");

    private readonly Option<double> _minutes = Setting.Number("--minutes", "M", 1.5, "Minutes to fit for.");

    /// <param name="terminal">Where it writes.</param>
    /// <param name="run">Runs a command line and answers its exit code.</param>
    internal DemoCommand(Terminal terminal, Func<IReadOnlyList<string>, int> run)
        : base("demo", """
            Shows the whole way through in about two minutes, offline.

            Fits a representation to a ResNet-20 that comes with the program, reconstructs the network from it, draws
            kernels of both, and holds both against each other on pictures that are made by a formula. Every command is shown as it
            would be typed.
            """)
    {
        (_terminal, _run) = (terminal, run);
        _output.DefaultValueFactory = _ => "nern-demo";
        Add(_output);
        Add(_minutes);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "[options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern demo"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Demo", [_output, _minutes])];

    /// <summary>The network that comes with the program.</summary>
    internal static string Original { get; } = Path.Combine(AppContext.BaseDirectory, "samples", "resnet20-shapes.safetensors");

    private int Run(ParseResult result)
    {
        var clock = Stopwatch.StartNew();
        var (folder, minutes) = (result.GetRequiredValue(_output)!, result.GetValue(_minutes));
        OutputFile.CreateFolder(folder);
        // Beside its representation: the commands that are shown can then be typed anywhere.
        var original = Path.Combine(folder, "resnet20.safetensors");
        var representation = Path.Combine(folder, "resnet20.nern");
        var reconstruction = Path.Combine(folder, "reconstructed.safetensors");
        var picture = Path.Combine(folder, "kernels.png");
        File.Copy(Original, original, overwrite: true);

        string[] fit =
        [
            "fit", original, "--architecture", Architecture, "--data", Pictures, "--minutes",
            ValueSyntax.Write(minutes), "-o", representation,
        ];
        string[][] commands =
        [
            File.Exists($"{representation}.checkpoint") ? [.. fit, "--resume"] : fit,
            ["reconstruct", representation, "-o", reconstruction],
            ["picture", representation, "--original", original, "-o", picture],
        ];
        foreach (var command in commands)
        {
            _terminal.Output.WriteLine($"{Environment.NewLine}$ nern {string.Join(' ', command.Select(ShellWord.Of))}");
            if (_run(command) is not ExitCode.Success and var exitCode)
                return exitCode;
        }
        Compare(original, reconstruction, representation, clock);
        _terminal.Output.WriteLine($"All files are in {folder}; {picture} shows kernels of both networks.");
        _terminal.Output.WriteLine();
        _terminal.Output.WriteLine("What to try next:");
        TextColumns.Write(
            _terminal.Output,
            [
                ($"nern info {ShellWord.Of(representation)}", "what the file holds, and what each part takes"),
                ($"nern report {ShellWord.Of(representation)} --original {ShellWord.Of(original)} --data {Pictures}",
                    "a page of what it has learnt, report.html"),
                ($"nern fit {ShellWord.Of(original)} --architecture {Architecture} --data {Pictures} --hidden 120 -o small.nern",
                    "a smaller one"),
                ($"nern train {Architecture} --data {Pictures} -o mine.safetensors", "an original of your own"),
                ("nern fit --help", "a network of yours, on images of yours or on noise"),
            ],
            width: 100);
        return ExitCode.Success;
    }

    /// <summary>Both networks from their files, on the test pictures.</summary>
    private void Compare(string original, string reconstruction, string representation, Stopwatch clock)
    {
        var source = DataSource.Parse(Pictures);
        using var engine = Engines.Open();
        var network = Load(original);
        var (before, after) = (Logits(network), Logits(Load(reconstruction)));
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { $"on {source.Test.Count} test pictures", "original", "reconstruction" })
            table.AddColumn(column);
        table.AddRow("accuracy", Accuracy.Of(before, source.Test.Labels).ToString(), Accuracy.Of(after, source.Test.Labels).ToString());
        table.AddRow("same class as the original", "", Figures.Percent(Agreement.Of(before, after, source.Test.Classes).Share));
        var (whole, small) = (new FileInfo(original).Length, new FileInfo(representation).Length);
        table.AddRow("file", Figures.Bytes(whole), $"{Figures.Bytes(small)} ({Figures.Percent((double)small / whole)})");
        UsualSizeRows.Add(table, UsualSizes.Of(network), small);
        table.AddRow("seconds for all of this", "", Figures.Fixed(clock.Elapsed.TotalSeconds, 0));
        _terminal.Output.WriteLine();
        _terminal.Console.Write(table);

        Network Load(string path) => NetworkFile.Load(path, ArchitectureRegistry.Build(Architecture));

        float[] Logits(Network network)
        {
            using var classifier = new Classifier(engine, network);
            return classifier.Logits(source.Test, source.DefaultNormalization);
        }
    }
}
