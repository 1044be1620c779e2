using Nern.Cli.Options;

namespace Nern.Cli.Help;

/// <summary>What a command's help shows besides its description and arguments.</summary>
internal interface IDocumented
{
    /// <summary>What follows the name of the command on the usage line.</summary>
    string Usage { get; }

    /// <summary>Command lines that show its use.</summary>
    IReadOnlyList<string> Examples { get; }

    /// <summary>Its options.</summary>
    IReadOnlyList<OptionGroup> Groups { get; }
}
