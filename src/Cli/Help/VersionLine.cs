using System.CommandLine;
using System.CommandLine.Invocation;

namespace Nern.Cli.Help;

/// <summary>Answers --version.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"nern {typeof(VersionLine).Assembly.GetName().Version!.ToString(3)}");
        return ExitCode.Success;
    }
}
