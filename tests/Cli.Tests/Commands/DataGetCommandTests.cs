using System.CommandLine;
using Nern.Cli.Commands;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Tests.Data.Download;

namespace Nern.Cli.Tests.Commands;

public sealed class DataGetCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly ArchiveServer _server = new(SmallArchive.Make());

    public void Dispose()
    {
        _server.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public void Gets_a_data_set_and_says_how_to_use_it()
    {
        var answer = Get("cifar10", "-o", "@data");
        var target = _workspace.Path("data/cifar-10-batches-bin");

        Assert.Equal(ExitCode.Success, answer.ExitCode);
        Assert.Equal(
            [
                $"Downloading {_server.Archive.Address}, {_server.File.Length:N0} bytes.", $"Wrote {target}: 3 files, 184,389 bytes.",
                $"Go on with: nern fit CHECKPOINT --data cifar10:{target} …",
            ],
            answer.Output.TrimEnd().Split('\n'));
        Assert.EndsWith("nern: small.tar.gz: 100 %\n", answer.Error);
    }

    [Fact]
    public void Once_is_enough()
    {
        Get("cifar10", "-o", "@");
        var answer = Get("cifar10", "-o", "@");
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.StartsWith($"{_workspace.Path("cifar-10-batches-bin")} is there already.\nGo on with: ", answer.Output);
        Assert.Single(_server.Ranges);
    }

    [Fact]
    public void An_archive_put_there_by_hand_is_unpacked()
    {
        _workspace.Write("small.tar.gz", _server.File);
        var answer = Get("cifar10", "-o", "@");
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        Assert.StartsWith($"Unpacking {_workspace.Path("small.tar.gz")}.\nWrote ", answer.Output);
        Assert.Empty(_server.Ranges);
    }

    [Fact]
    public void Interrupted_it_goes_on_when_called_again()
    {
        using var error = new InterruptingWriter("small.tar.gz: ");
        (_server.Most, _server.Stalls) = (100_000, true);
        var exitCode = Invoke(new Terminal(TextWriter.Null, error, error.Interruption), "cifar10", "-o", "@");

        Assert.Equal(ExitCode.Interrupted, exitCode);
        Assert.Equal(["small.tar.gz.part"], _workspace.Files);
        var kept = new FileInfo(_workspace.Path("small.tar.gz.part")).Length;
        Assert.EndsWith(
            $"nern: Interrupted; '{_workspace.Path("small.tar.gz.part")}' holds {kept:N0} bytes. The same command goes on.\n",
            error.ToString());

        _server.Most = int.MaxValue;
        Assert.Equal(ExitCode.Success, Get("cifar10", "-o", "@").ExitCode);
        Assert.Equal(["", $"bytes={kept}-"], _server.Ranges);
        Assert.Empty(_workspace.Files);
    }

    [Fact]
    public void Interrupted_at_once_it_leaves_nothing()
    {
        using var error = new StringWriter();
        var exitCode = Invoke(new Terminal(TextWriter.Null, error, new CancellationToken(canceled: true)), "cifar10", "-o", "@");
        Assert.Equal((ExitCode.Interrupted, "nern: Interrupted; nothing was written.\n"), (exitCode, error.ToString()));
        Assert.Empty(_workspace.Files);
    }

    [Fact]
    public void Without_a_server_it_says_what_else_can_be_done()
    {
        _server.Dispose();
        Refused(
            $"nern: '{_server.Archive.Address}' could not be downloaded: Connection refused; "
            + "try again, or get the file another way, put it at "
            + $"'{_workspace.Path("small.tar.gz")}' and repeat the command.\n", "cifar10", "-o", "@");
    }

    [Theory]
    [InlineData("There is no data set 'cifar11'; did you mean 'cifar10'?", "cifar11")]
    [InlineData("There is no data set 'imagenet'.", "imagenet")]
    [InlineData("Required argument 'NAME' missing")]
    [InlineData("'@gone/data' could not be written: the folder", "cifar10", "-o", "@gone/data")]
    [InlineData("'' could not be written: expected the path of a folder", "cifar10", "-o", "")]
    public void Bad_input(string sentence, params string[] arguments)
    {
        Refused(_workspace.Resolve(sentence), arguments);
        Assert.Empty(_server.Ranges);
    }

    private void Refused(string sentence, params string[] arguments)
    {
        var answer = Get(arguments);
        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(sentence, answer.Error);
        Assert.Single(answer.Error, c => c == '\n');
        Assert.Empty(_workspace.Files);
    }

    private Answer Get(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = Invoke(new Terminal(output, error), arguments);
        return new(exitCode, output.ToString(), error.ToString());
    }

    private int Invoke(Terminal terminal, params string[] arguments) => CommandLine.Invoke(
        ["get", .. arguments.Select(_workspace.Resolve)], terminal,
        terminal => [new DataGetCommand(terminal, [_server.Archive])]);
}
