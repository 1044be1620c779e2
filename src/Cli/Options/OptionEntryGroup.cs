namespace Nern.Cli.Options;

/// <summary>Options that help and recipes show together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Options">The options, in the order of the help.</param>
internal sealed record OptionEntryGroup<TOptions>(string Title, IReadOnlyList<OptionEntry<TOptions>> Options) where TOptions : class, new();
