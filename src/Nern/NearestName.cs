namespace Nern;

/// <summary>What a user may have meant by a name that is not known.</summary>
internal static class NearestName
{
    /// <summary>The end of a sentence about an unknown name: the nearest known one, if it is near, or a full stop.</summary>
    internal static string Proposal(string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(other => EditDistance.Between(name, other));
        return nearest is not null && EditDistance.Between(name, nearest) <= Math.Max(2, name.Length / 3)
            ? $"; did you mean '{nearest}'?"
            : ".";
    }
}

/// <summary>How many letters must be put in, taken out or exchanged to make one word of another (Levenshtein).</summary>
internal static class EditDistance
{
    /// <summary>The distance of two words.</summary>
    /// <param name="first">A word.</param>
    /// <param name="second">Another.</param>
    /// <param name="wildcard">A letter of <paramref name="first"/> in whose place any letters are free, or none.</param>
    internal static int Between(string first, string second, char? wildcard = null)
    {
        var distances = Enumerable.Range(0, second.Length + 1).ToArray();
        foreach (var letter in first)
        {
            var isFree = letter == wildcard;
            var diagonal = distances[0];
            distances[0] += isFree ? 0 : 1;
            for (var i = 0; i < second.Length; i++)
            {
                var replaced = diagonal + (letter == second[i] ? 0 : 1);
                diagonal = distances[i + 1];
                distances[i + 1] = isFree ? Math.Min(diagonal, distances[i]) : Math.Min(replaced, 1 + Math.Min(distances[i], diagonal));
            }
        }
        return distances[^1];
    }
}
