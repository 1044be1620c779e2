namespace Nern.Coding;

/// <summary>The numbers from 0 to before a count that have not been taken yet, in order (a Fenwick tree).</summary>
internal sealed class RemainingNumbers
{
    private readonly int[] _sums;
    private readonly int _top;

    internal RemainingNumbers(int count)
    {
        _sums = new int[count + 1];
        _top = count == 0 ? 0 : 1 << (31 - int.LeadingZeroCount(count));
        PutBack();
    }

    /// <summary>How many there were.</summary>
    internal int Count => _sums.Length - 1;

    /// <summary>Puts all back that were taken.</summary>
    internal void PutBack()
    {
        for (var i = 1; i < _sums.Length; i++)
            _sums[i] = i & -i;
    }

    /// <summary>How many smaller ones are left.</summary>
    internal int RankOf(int number)
    {
        var rank = 0;
        for (var i = number; i > 0; i -= i & -i)
            rank += _sums[i];
        return rank;
    }

    /// <summary>Takes the one with so many smaller ones left.</summary>
    internal int Take(int rank)
    {
        var number = 0;
        for (var part = _top; part > 0; part >>= 1)
            if (number + part < _sums.Length && _sums[number + part] <= rank)
            {
                number += part;
                rank -= _sums[number];
            }
        for (var i = number + 1; i < _sums.Length; i += i & -i)
            _sums[i]--;
        return number;
    }
}
