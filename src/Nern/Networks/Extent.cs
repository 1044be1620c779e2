namespace Nern.Networks;

/// <summary>Places along one axis: the first, how many, and how far apart.</summary>
/// <param name="Start">The first place.</param>
/// <param name="Count">How many.</param>
/// <param name="Step">From one to the next.</param>
public readonly record struct Extent(int Start, int Count, int Step = 1)
{
    /// <summary>Whether all places are on an axis of <paramref name="length"/>, and there is at least one.</summary>
    internal bool IsWithin(int length) =>
        Start >= 0 && Count > 0 && Step > 0 && Start + ((Count - 1L) * Step) < length;
}
