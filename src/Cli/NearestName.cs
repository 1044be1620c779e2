namespace Nern.Cli;

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
