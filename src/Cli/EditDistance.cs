namespace Nern.Cli;

/// <summary>How many letters must be put in, taken out or exchanged to make one word of another (Levenshtein).</summary>
internal static class EditDistance
{
    internal static int Between(string first, string second)
    {
        var distances = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 0; i < first.Length; i++)
        {
            var diagonal = distances[0];
            distances[0] = i + 1;
            for (var j = 0; j < second.Length; j++)
            {
                var replaced = diagonal + (first[i] == second[j] ? 0 : 1);
                diagonal = distances[j + 1];
                distances[j + 1] = Math.Min(replaced, 1 + Math.Min(distances[j], distances[j + 1]));
            }
        }
        return distances[^1];
    }
}
