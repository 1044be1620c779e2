using System.Runtime.CompilerServices;

namespace Nern.Coding;

/// <summary>What was seen of the bits in one place: how likely 1 is, in 22 bits, and how often a bit was seen, in 10.</summary>
internal struct BitHistory
{
    private const int CountBits = 10, Bits = 22;

    private uint _state;

    /// <summary>Histories of nothing: 0 and 1 are alike likely.</summary>
    internal static BitHistory[] None(int count)
    {
        var histories = new BitHistory[count];
        Array.Fill(histories, new() { _state = 1u << (CountBits + Bits - 1) });
        return histories;
    }

    /// <summary>The upper bits of the probability.</summary>
    internal readonly uint Probability => _state >> (CountBits + Bits - LogOdds.ProbabilityBits);

    /// <summary>Moves the probability towards a bit: quickly at first, slower with what was seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Learn(int bit, uint[] factors)
    {
        // The probability of the other bit is what it is with all its bits turned; it becomes less by a part.
        var turned = (uint)-bit >> CountBits;
        var (other, divisor) = ((_state >> CountBits) ^ turned, (_state & ((1 << CountBits) - 1)) + 2);
        other -= Quotients.Of(other, factors[divisor]);
        var count = divisor - (divisor < Quotients.Largest ? 1u : 2u);
        _state = ((other ^ turned) << CountBits) | count;
    }
}
