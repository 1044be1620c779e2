namespace Nern.Compression;

/// <summary>
/// What a bit counts in the loss, so that the file comes to the size that is wanted: more where it is too large, less where it is too small.
/// Between evaluations, which measure the file, its size is told from the bits of the integers.
/// </summary>
/// <param name="wanted">Bytes.</param>
internal sealed class SizeControl(long wanted)
{
    private const double FirstRate = 3e-6, Proportional = 100, Integral = 0.2, LargestIntegral = 8, LargestError = 0.05;

    // An adaptive coder takes a little less than the bits that are counted.
    private const double CoderShare = 0.95;

    /// <summary>All that changes; to be saved and set again.</summary>
    internal SizeControlState State { get; set; }

    /// <summary>What a bit counts in the loss.</summary>
    internal float Rate { get; private set; }

    /// <summary>The bytes that so many bits make a file of.</summary>
    internal double Bytes(double bits) => (CoderShare * bits / 8) + State.Beside;

    /// <summary>The bits that make a file of the size that is wanted.</summary>
    internal double Bits => BitsOf(wanted);

    /// <summary>The bits that make a file of a size.</summary>
    internal double BitsOf(double bytes) => Math.Max(0, (bytes - State.Beside) * 8 / CoderShare);

    /// <summary>A file of so many bits was measured.</summary>
    internal void Measure(double bits, long bytes) => State = State with { Beside = bytes - (CoderShare * bits / 8) };

    /// <summary>A step begins with so many bits.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="room">By what part of it the file may still be larger than wanted.</param>
    internal void Add(double bits, double room = 0)
    {
        var error = Math.Clamp((Bytes(bits) / wanted) - 1 - room, -LargestError, LargestError);
        State = State with { Sum = Math.Clamp(State.Sum + (Integral * error), -LargestIntegral, LargestIntegral) };
        Rate = (float)(FirstRate * Math.Exp(State.Sum + (Proportional * error)));
    }
}

/// <summary>What changes in a <see cref="SizeControl"/>.</summary>
/// <param name="Beside">Bytes of a file beside those of its integers' bits.</param>
/// <param name="Sum">Errors so far.</param>
internal readonly record struct SizeControlState(double Beside, double Sum);
