namespace Nern.Logs;

/// <summary>Something that happened once.</summary>
/// <param name="Step">The step it happened at.</param>
/// <param name="Event"><c>started</c> or <c>resumed</c>.</param>
/// <param name="Time">When.</param>
internal sealed record EventEntry(long Step, string Event, DateTimeOffset Time) : LogEntry(Step);
