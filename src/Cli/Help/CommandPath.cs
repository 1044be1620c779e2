using System.CommandLine;

namespace Nern.Cli.Help;

/// <summary>A command as it is called: nern bench step.</summary>
internal static class CommandPath
{
    internal static string Of(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Of(parent)} {command.Name}" : "nern";
}
