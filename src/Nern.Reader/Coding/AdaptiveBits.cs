using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>
/// Bits whose probabilities are learned while they are coded. Three contexts each have an opinion, by what they saw before; their log
/// odds are added up with weights that are learned too, for each kind of bit (logistic mixing, Mahoney 2005). All in whole numbers, so that
/// a reader anywhere learns the same.
/// </summary>
/// <param name="kinds">Kinds of bits, which have weights of their own.</param>
/// <param name="slots">Places of each context.</param>
internal sealed class AdaptiveBits(int kinds, int slots)
{
    private const int Contexts = 3;

    // Held here, they are known to be there by the time that the loops around are compiled.
    private readonly ushort[] _probabilities = LogOdds.Probabilities;
    private readonly short[] _odds = LogOdds.OfProbabilities;
    private readonly uint[] _factors = Quotients.Factors;
    private readonly BitHistory[] _first = BitHistory.None(slots), _second = BitHistory.None(slots), _third = BitHistory.None(slots);
    private readonly int[] _weights = MixingWeight.First(Contexts * kinds, Contexts);

    /// <summary>Codes a bit of a kind.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="interval">Its interval.</param>
    /// <param name="bit">The bit, where the coder writes.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="first">Where it stands in the first context, 0 to before the number of slots.</param>
    /// <param name="second">In the second.</param>
    /// <param name="third">In the third.</param>
    /// <returns>The bit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Code(BitCoder coder, ref Interval interval, int bit, int kind, int first, int second, int third)
    {
        var weights = _weights.AsSpan(Contexts * kind, Contexts);
        ref var a = ref _first[first];
        ref var b = ref _second[second];
        ref var c = ref _third[third];
        int oddsOfA = _odds[a.Probability], oddsOfB = _odds[b.Probability], oddsOfC = _odds[c.Probability];
        var probability = _probabilities[MixingWeight.Place(
            ((long)weights[0] * oddsOfA) + ((long)weights[1] * oddsOfB) + ((long)weights[2] * oddsOfC))];
        bit = interval.Code(coder, bit, probability);
        var error = (bit << BitCoder.ProbabilityBits) - bit - probability;
        MixingWeight.Learn(ref weights[0], oddsOfA, error);
        MixingWeight.Learn(ref weights[1], oddsOfB, error);
        MixingWeight.Learn(ref weights[2], oddsOfC, error);
        a.Learn(bit, _factors);
        b.Learn(bit, _factors);
        c.Learn(bit, _factors);
        return bit;
    }
}
