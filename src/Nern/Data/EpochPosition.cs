namespace Nern.Data;

/// <summary>
/// A place in the endless walk over a set of images. The order of an epoch follows from its seed alone, so that a checkpoint
/// holds two numbers and not a permutation. The default value is before the first epoch.
/// </summary>
/// <param name="Seed">What the order of the running epoch was shuffled with.</param>
/// <param name="Remaining">How many of its images are still to come.</param>
public readonly record struct EpochPosition(ulong Seed, int Remaining);
