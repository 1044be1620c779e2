namespace Nern.Cli.Tests.Support;

/// <summary>
/// Tests that run while no other does: a process that another test starts holds, for a moment, every file that is open, so that what was deleted still
/// takes room.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
