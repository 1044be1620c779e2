using System.Numerics;

namespace Nern;

/// <summary>
/// The one source of randomness, handed down explicitly: xoshiro256** (Blackman and Vigna, 2018) seeded by SplitMix64.
/// The same seed gives the same numbers on every platform and version; the state can be saved and restored.
/// </summary>
public sealed class Generator
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts a stream from <paramref name="seed"/>.</summary>
    public Generator(ulong seed)
    {
        var words = new SplitMix64(seed);
        _a = words.NextUInt64();
        _b = words.NextUInt64();
        _c = words.NextUInt64();
        _d = words.NextUInt64();
    }

    /// <summary>The four words of state; setting them continues exactly where they were read.</summary>
    public (ulong A, ulong B, ulong C, ulong D) State
    {
        get => (_a, _b, _c, _d);
        set => (_a, _b, _c, _d) = value;
    }

    /// <summary>The same state as an array, for files.</summary>
    internal ulong[] Words => [_a, _b, _c, _d];

    /// <summary>Continues where <see cref="Words"/> were read.</summary>
    /// <param name="words">The words.</param>
    /// <param name="origin">Where they come from, for the message.</param>
    /// <exception cref="NernException">They are not four.</exception>
    internal void Restore(ulong[]? words, string origin) => State = words is [var a, var b, var c, var d]
        ? (a, b, c, d)
        : throw new NernException($"'{origin}' has no state of the generator: expected four numbers.");

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), with 24 random bits.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform integer in [0, <paramref name="exclusiveMaximum"/>), without bias worth naming (Lemire's multiplication).</summary>
    public int NextInt32(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Standard normal, by Box and Muller's transform.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts <paramref name="items"/> into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
