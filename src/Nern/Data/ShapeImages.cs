using Nern.Data.Shapes;
using Nern.Networks;

namespace Nern.Data;

/// <summary>
/// The built-in pictures: ten classes of shapes and patterns in 32 x 32 pixels, each made by a formula from a seed and its index, so
/// that a network can be trained, fitted and tested without a download. Colour, place, size, angle, clutter, light and noise are
/// random; the same seed and index are the same bytes on every platform.
/// </summary>
internal static class ShapeImages
{
    /// <summary>Rows and columns of a picture.</summary>
    public const int Side = 32;

    /// <summary>Training pictures: enough to learn the classes from, and drawn within a second.</summary>
    public const int TrainCount = 10_000;

    /// <summary>Test pictures: an accuracy of 97 % then has a standard error of 0.4 points.</summary>
    public const int TestCount = 2_000;

    private const int Channels = 3;
    private const ulong Seed = 0x5EA5_11DE;

    // Far behind the training pictures, so that there could be more of those without any of these among them.
    private const int FirstTest = 1 << 20;

    /// <summary>The names of the classes, in the order of their labels.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [.. Enum.GetNames<ShapeKind>().Select(name => name.ToLowerInvariant())];

    /// <summary>About the mean and standard deviation of the training pictures in each channel.</summary>
    public static Normalization Normalization { get; } = new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]);

    /// <summary>Draws the <see cref="TrainCount"/> training pictures.</summary>
    public static ImageSet Train() => Draw(Seed, 0, TrainCount);

    /// <summary>Draws the <see cref="TestCount"/> test pictures, none of which is among the training pictures.</summary>
    public static ImageSet Test() => Draw(Seed, FirstTest, TestCount);

    /// <summary>Draws pictures <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, on all cores.</summary>
    /// <param name="seed">Another seed gives other pictures.</param>
    /// <param name="first">Index of the first; the class of a picture is the last digit of its index.</param>
    /// <param name="count">How many pictures.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first or the count is negative, or an index is too large.</exception>
    public static ImageSet Draw(ulong seed, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue - first);
        const int Length = Channels * Side * Side;
        var pixels = new byte[checked(count * Length)];
        var labels = new int[count];
        Parallel.For(0, count, i =>
        {
            labels[i] = (first + i) % ClassNames.Count;
            // Drawn once before it is used, so that streams of neighbouring pictures begin far from each other.
            var start = new SplitMix64(seed + (ulong)(first + i)).NextUInt64();
            ShapePicture.Paint((ShapeKind)labels[i], new SplitMix64(start), pixels.AsSpan(i * Length, Length));
        });
        return new ImageSet(pixels, labels, Channels, Side, Side, ClassNames.Count);
    }
}
