using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>
/// Bits whose probabilities are learned while they are coded. Several contexts each have an opinion, by what they saw before; their log
/// odds are added up with weights that are learned too, for each kind of bit (logistic mixing, Mahoney 2005). All in whole numbers, so that
/// a reader anywhere learns the same.
/// </summary>
/// <param name="contexts">How many contexts give an opinion.</param>
/// <param name="kinds">Kinds of bits, which have weights of their own.</param>
/// <param name="slots">Places of each context.</param>
internal sealed class AdaptiveBits(int contexts, int kinds, int slots)
{
    // Log odds have 8 bits behind the point and lie within 2047; weights have 16.
    private const int OddsLimit = 2047, WeightBits = 16, LearningShift = 16;

    // What a probability is moved by: a part of the error that falls to this one.
    private const int Slowest = 128;

    private const int CornerDistance = 128;

    // 65536 / (1 + exp(-x)) for x from -8 to 8 in halves.
    private static readonly int[] Corners =
    [
        22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108,
        4971, 7812, 11955, 17625, 24743, 32768, 40793, 47911, 53581, 57724, 60565,
        62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
    ];

    private static readonly ushort[] Probabilities = TableOfProbabilities();
    private static readonly short[] Odds = TableOfOdds();

    // A probability in 22 bits, and how often it was asked in 10.
    private readonly uint[] _slots = Filled(contexts * slots, 1u << 31);
    private readonly int[] _weights = Filled(contexts * kinds, (1 << WeightBits) * 11 / 10 / contexts);
    private readonly int[] _odds = new int[contexts];

    /// <summary>Codes a bit of a kind.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="bit">The bit, where the coder writes.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="places">For each context where it stands, 0 to before the number of slots.</param>
    /// <returns>The bit.</returns>
    internal int Code(BitCoder coder, int bit, int kind, ReadOnlySpan<int> places)
    {
        var weights = _weights.AsSpan(kind * contexts, contexts);
        var sum = 0L;
        for (var i = 0; i < contexts; i++)
        {
            _odds[i] = Odds[_slots[(i * slots) + places[i]] >> 20];
            sum += (long)weights[i] * _odds[i];
        }
        var odds = (int)Math.Clamp(sum >> WeightBits, -OddsLimit, OddsLimit);
        var probability = Probabilities[odds + OddsLimit];
        bit = coder.Code(bit, probability);
        var error = (bit << BitCoder.ProbabilityBits) - bit - probability;
        for (var i = 0; i < contexts; i++)
        {
            weights[i] += ((_odds[i] * error) + (1 << (LearningShift - 1))) >> LearningShift;
            Learn(ref _slots[(i * slots) + places[i]], bit);
        }
        return bit;
    }

    // Quick at first, slower with what was seen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Learn(ref uint slot, int bit)
    {
        var (probability, seen) = ((int)(slot >> 10), (int)(slot & 1023));
        probability += ((bit << 22) - bit - probability) / (seen + 2);
        slot = ((uint)probability << 10) | (uint)Math.Min(seen + 1, Slowest - 2);
    }

    private static short[] TableOfOdds()
    {
        // The inverse of the other table, so that both come from the same whole numbers.
        var table = new short[1 << 12];
        var odds = -OddsLimit;
        for (var i = 0; i < table.Length; i++)
        {
            while (odds < OddsLimit && Probabilities[odds + OddsLimit] >> 4 < i)
                odds++;
            table[i] = (short)odds;
        }
        return table;
    }

    // Between the corners straight lines: a table of literals is the same on any machine, which exp need not be.
    private static ushort[] TableOfProbabilities()
    {
        var table = new ushort[(2 * OddsLimit) + 1];
        for (var odds = -OddsLimit; odds <= OddsLimit; odds++)
        {
            var (corner, part) = Math.DivRem(odds + OddsLimit + 1, CornerDistance);
            var (low, high) = (Corners[corner], Corners[Math.Min(corner + 1, Corners.Length - 1)]);
            table[odds + OddsLimit] = (ushort)Math.Clamp(low + ((high - low) * part / CornerDistance), 16, 65520);
        }
        return table;
    }

    private static T[] Filled<T>(int count, T value)
    {
        var array = new T[count];
        Array.Fill(array, value);
        return array;
    }
}
