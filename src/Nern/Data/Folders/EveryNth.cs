using System.Globalization;

namespace Nern.Data.Folders;

/// <summary>Of a list every so many, written as <c>2/10</c>: places 2, 12, 22, … where the first is 0.</summary>
/// <param name="First">The first place, below <paramref name="Step"/>.</param>
/// <param name="Step">How far it is to the next.</param>
internal readonly record struct EveryNth(int First, int Step)
{
    internal bool Contains(int place) => place % Step == First;

    internal static bool TryParse(string text, out EveryNth value)
    {
        var parts = text.Split('/');
        value = default;
        if (parts.Length != 2 || !TryNumber(parts[0], out var first) || !TryNumber(parts[1], out var step) || first >= step)
            return false;
        value = new(first, step);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}/{Step}");

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
