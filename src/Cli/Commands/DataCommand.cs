using System.CommandLine;

namespace Nern.Cli.Commands;

/// <summary><c>nern data</c>: the images that networks are fitted and tested on.</summary>
internal sealed class DataCommand : Command
{
    internal DataCommand(Terminal terminal)
        : base("data", "Gets and shows the images that networks are trained, fitted and tested on.")
    {
        Add(new DataGetCommand(terminal));
        Add(new DataShowCommand(terminal));
    }
}
