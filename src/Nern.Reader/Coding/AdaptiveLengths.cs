namespace Nern.Coding;

/// <summary>
/// Numbers up to a largest as so many ones and a 0, whose probabilities are learned by place as <see cref="AdaptiveBits"/> learns, but in
/// one context.
/// </summary>
/// <param name="largest">The largest.</param>
internal sealed class AdaptiveLengths(int largest)
{
    private readonly BitHistory[] _histories = BitHistory.None(largest);
    private readonly int[] _weight = MixingWeight.First(1, 1);

    /// <summary>Codes a number, from 0 to the largest.</summary>
    internal int Code(BitCoder coder, int value)
    {
        var found = 0;
        while (found < largest && CodeBit(coder, value > found ? 1 : 0, ref _histories[found]) != 0)
            found++;
        return found;
    }

    private int CodeBit(BitCoder coder, int bit, ref BitHistory history)
    {
        var odds = LogOdds.OfProbabilities[history.Probability];
        var probability = LogOdds.Probabilities[MixingWeight.Place((long)_weight[0] * odds)];
        bit = coder.Code(bit, probability);
        MixingWeight.Learn(ref _weight[0], odds, (bit << BitCoder.ProbabilityBits) - bit - probability);
        history.Learn(bit, Quotients.Factors);
        return bit;
    }
}
