namespace Nern.Cli.Options;

/// <summary>Options of a fit that help and recipes show together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Options">The options, in the order of the help.</param>
internal sealed record FitOptionGroup(string Title, IReadOnlyList<FitOption> Options);
