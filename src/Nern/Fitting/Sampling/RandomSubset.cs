using System.Numerics;

namespace Nern.Fitting.Sampling;

/// <summary>
/// Uniform subsets without replacement (R. Floyd; Bentley, <i>Programming Pearls: a sample of brilliance</i>, 1987), in time
/// proportional to the subset. A set of bits finds repetitions and gives the order; it is all zero again after each draw.
/// </summary>
/// <param name="maximum">The largest range that will be drawn from.</param>
internal sealed class RandomSubset(int maximum)
{
    private const int WordBits = 64;
    private readonly ulong[] _chosen = new ulong[(maximum + WordBits - 1) / WordBits];

    /// <summary>Fills <paramref name="subset"/> with distinct numbers out of [first, first + count), ascending.</summary>
    public void Draw(Span<int> subset, int first, int count, Generator generator)
    {
        for (var last = count - subset.Length; last < count; last++)
        {
            if (!Add(generator.NextInt32(last + 1)))
                Add(last);
        }

        var filled = 0;
        for (var word = 0; filled < subset.Length; word++)
        {
            for (var bits = _chosen[word]; bits != 0; bits &= bits - 1)
                subset[filled++] = first + word * WordBits + BitOperations.TrailingZeroCount(bits);
            _chosen[word] = 0;
        }
    }

    private bool Add(int number)
    {
        ref var word = ref _chosen[number / WordBits];
        var bit = 1UL << (number % WordBits);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }
}
