using System.CommandLine;

namespace Nern.Cli.Commands;

/// <summary><c>nern data</c>: the images that networks are fitted and tested with.</summary>
internal sealed class DataCommand : Command
{
    internal DataCommand(Terminal terminal)
        : base("data", "Looks at the images that networks are fitted and tested with.")
    {
        Add(new DataShowCommand(terminal));
    }
}
