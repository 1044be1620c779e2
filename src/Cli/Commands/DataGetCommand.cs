using System.CommandLine;
using Nern.Cli.Display.Progress;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Data.Download;

namespace Nern.Cli.Commands;

/// <summary><c>nern data get</c>: a data set from the page of its authors.</summary>
internal sealed class DataGetCommand : Command, IDocumented
{
    private readonly Terminal _terminal;
    private readonly IReadOnlyList<DownloadableArchive> _archives;

    private readonly Argument<string> _name = new("NAME") { Description = "The data set: cifar10 or cifar100." };

    private readonly Option<string?> _output = Setting.Text(
        "--output", "FOLDER", "Where the data set's own folder is to be: cifar-10-batches-bin or cifar-100-binary.", "-o");

    internal DataGetCommand(Terminal terminal)
        : this(terminal, [DownloadableArchive.Cifar10, DownloadableArchive.Cifar100])
    {
    }

    /// <param name="terminal">Where it writes.</param>
    /// <param name="archives">What it knows.</param>
    internal DataGetCommand(Terminal terminal, IReadOnlyList<DownloadableArchive> archives)
        : base("get", """
            Downloads CIFAR-10 or CIFAR-100 from the page of its authors, checks it and unpacks it.

            It is the binary version, about 170 MB, and 185 MB unpacked. What Ctrl-C or the network interrupts, the same
            command goes on with. Without a network, put cifar-10-binary.tar.gz or cifar-100-binary.tar.gz, fetched
            elsewhere, into FOLDER: it is checked and unpacked just so.
            """)
    {
        (_terminal, _archives) = (terminal, archives);
        _output.DefaultValueFactory = _ => ".";
        Add(_name);
        Add(_output);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "NAME [-o FOLDER]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern data get cifar10"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Result", [_output])];

    private int Run(ParseResult result)
    {
        var (name, folder) = (result.GetRequiredValue(_name), result.GetRequiredValue(_output)!);
        var archive = _archives.FirstOrDefault(archive => archive.Name == name) ?? throw new NernException(
            $"There is no data set '{name}'{NearestName.Proposal(name, _archives.Select(archive => archive.Name))}");
        OutputFile.CheckFolder(folder);
        var download = new ArchiveDownload(archive, folder);
        if (download.IsDone())
            _terminal.Output.WriteLine($"{download.Target} is there already.");
        else if (!Get(archive, download))
            return _terminal.InterruptedCode;
        _terminal.Output.WriteLine($"Go on with: nern fit CHECKPOINT --data {ShellWord.Of($"{archive.Name}:{download.Target}")} …");
        return ExitCode.Success;
    }

    /// <summary>Whether it came to its end.</summary>
    private bool Get(DownloadableArchive archive, ArchiveDownload download)
    {
        using var interruption = new Interruption(_terminal);
        _terminal.Output.WriteLine(File.Exists(download.Archive)
            ? $"Unpacking {download.Archive}."
            : $"Downloading {archive.Address}, {Figures.Bytes(archive.Bytes)}.");
        try
        {
            WorkDisplay.Show(_terminal, archive.FileName, progress => download.Run(progress, interruption.Token));
        }
        catch (OperationCanceledException)
        {
            var part = new FileInfo(download.Part);
            _terminal.Report(part.Exists
                ? $"Interrupted; '{download.Part}' holds {Figures.Bytes(part.Length)}. The same command goes on."
                : "Interrupted; nothing was written.");
            return false;
        }
        var files = new DirectoryInfo(download.Target).GetFiles();
        _terminal.Output.WriteLine($"Wrote {download.Target}: {files.Length} files, {Figures.Bytes(files.Sum(file => file.Length))}.");
        return true;
    }
}
