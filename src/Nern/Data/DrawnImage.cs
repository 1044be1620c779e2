namespace Nern.Data;

/// <summary>An input of which everything random has been decided, so that any thread can write it.</summary>
/// <param name="Index">Which of the images of a set.</param>
/// <param name="Seed">What the rest follows from: its crop and mirroring, or all of its values.</param>
public readonly record struct DrawnImage(int Index, ulong Seed);
