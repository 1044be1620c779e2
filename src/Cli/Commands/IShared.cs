namespace Nern.Cli.Commands;

/// <summary>A command whose work ranks of MPI share; others would do the same work as often as there are ranks.</summary>
internal interface IShared;
