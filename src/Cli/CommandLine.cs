using System.CommandLine;
using Nern.Cli.Commands;
using Nern.Cli.Help;
using Nern.Cli.Shell;
using Nern.Mpi;

namespace Nern.Cli;

/// <summary>The command line from its arguments to its exit code; everything but the process itself.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command that this process was started for.</summary>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="interruption">Asks it to stop early.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal static int Run(IReadOnlyList<string> arguments, CancellationToken interruption)
    {
        Terminal terminal;
        try
        {
            terminal = Terminal.OfProcess(interruption, Launch.OfProcess());
        }
        catch (NernException exception)
        {
            Terminal.OfProcess(interruption, Launch.Alone).Report(exception.Message);
            return ExitCode.BadInput;
        }
        return terminal.Ranks.End(Invoke(arguments, terminal));
    }

    /// <summary>Runs the command that <paramref name="arguments"/> name.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal static int Invoke(IReadOnlyList<string> arguments, Terminal terminal) => Invoke(arguments, terminal, Root);

    /// <summary>Runs one of the commands of <paramref name="root"/>.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal static int Invoke(IReadOnlyList<string> arguments, Terminal terminal, Func<Terminal, RootCommand> root)
    {
        try
        {
            // Paths may begin with @, so response files are off.
            var result = root(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (UsageProblem.Find(result) is { } problem)
            {
                terminal.Report(problem);
                return ExitCode.BadInput;
            }
            var command = result.CommandResult.Command;
            if (terminal.Ranks.Launch.IsShared && result.Action == command.Action && command is not IShared)
            {
                terminal.Report($"nern {command.Name} does not share its work among ranks, as fit and bench step do: start it without mpirun.");
                return ExitCode.BadInput;
            }
            return result.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (NernException exception)
        {
            terminal.Fail(exception.Message);
            return ExitCode.BadInput;
        }
        catch (AggregateException exception) when (exception.InnerException is NernException inner)
        {
            // Of a thread among several.
            terminal.Fail(inner.Message);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("Interrupted; nothing was written.");
            return terminal.InterruptedCode;
        }
        catch (Exception exception)
        {
            terminal.Fail($"This is a bug in nern: {exception.Message} Please report it with the command and the lines below.");
            (terminal.Ranks.IsFirst ? terminal.Error : Console.Error).WriteLine(exception);
            return ExitCode.Failure;
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            """
            Keeps a pretrained convolutional network as a neural representation (NeRN): a small perceptron that gives every
            kernel of the network when asked for its coordinate.

            The way through: fit a representation to a checkpoint, look at it with info and evaluate, and reconstruct the
            network from it.
            """)
        {
            new DemoCommand(terminal, arguments => Invoke(arguments, terminal)),
            new TrainCommand(terminal),
            new FitCommand(terminal),
            new CompressCommand(terminal),
            new PruneCommand(terminal),
            new RecipeCommand(terminal),
            new ReconstructCommand(terminal),
            new EvaluateCommand(terminal),
            new InfoCommand(terminal),
            new ImportanceCommand(terminal),
            new CompareCommand(terminal),
            new PictureCommand(terminal),
            new ReportCommand(terminal),
            new SweepCommand(terminal),
            new Command("data", "Gets and shows the images that networks are trained, fitted and tested on.")
            {
                new DataGetCommand(terminal),
                new DataShowCommand(terminal),
            },
            new Command(
                "bench",
                """
                Measures how fast this machine does the work that takes the time.

                Networks have random weights and images are noise, so no files are needed.
                """)
            {
                new BenchStepCommand(terminal),
                new BenchOrderCommand(terminal),
                new BenchReconstructCommand(terminal),
            },
        };
        root.HelpName = "nern";
        HelpPage.Install(root);
        return root;
    }
}
