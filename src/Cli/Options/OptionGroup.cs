using System.CommandLine;

namespace Nern.Cli.Options;

/// <summary>Options that help shows together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Options">The options, in the order of the help.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);
