namespace Nern;

/// <summary>
/// A generator of one word (Steele, Lea and Flood, 2014) for short streams that start from a seed of their own, such as
/// those of one image. It lives on the stack.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    internal ulong NextUInt64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    internal double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), with 24 random bits.</summary>
    internal float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform integer in [0, <paramref name="exclusiveMaximum"/>), without bias worth naming (Lemire's multiplication).</summary>
    internal int NextInt32(int exclusiveMaximum) => (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
}
