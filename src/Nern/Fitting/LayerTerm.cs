using System.Globalization;
using Nern.Kernels;

namespace Nern.Fitting;

/// <summary>A term of a <see cref="LayerSelection"/>.</summary>
/// <param name="Excludes">Whether the layers it matches are left out.</param>
/// <param name="Name">The pattern of their names; null where it goes by their kernels.</param>
/// <param name="Height">Rows of their kernels.</param>
/// <param name="Width">Columns of them.</param>
internal sealed record LayerTerm(bool Excludes, string? Name, int Height = 0, int Width = 0)
{
    private const string EveryName = "*";
    private const string Every = "all";
    private const string Kernel = "kernel=";

    /// <summary>Reads a term; null where it is none.</summary>
    internal static LayerTerm? Read(string text)
    {
        text = text.Trim();
        var excludes = text.StartsWith('-');
        text = excludes ? text[1..].TrimStart() : text;
        if (text.StartsWith(Kernel, StringComparison.Ordinal))
            return text[Kernel.Length..].Split('x') is [var rows, var columns] && IsSize(rows, out var height)
                && IsSize(columns, out var width)
                ? new(excludes, null, height, width)
                : null;
        // With an equals sign it was meant to be something else than a name.
        return text.Length == 0 || text.Contains('=') || text.Any(char.IsControl) ? null : new(excludes, text == Every ? EveryName : text);
    }

    /// <summary>Whether the term speaks of <paramref name="layer"/>.</summary>
    internal bool Matches(LearnableLayer layer) =>
        Name is null ? (layer.KernelHeight, layer.KernelWidth) == (Height, Width) : Distance(Name, layer.Name) == 0;

    /// <summary>What might have been meant, for a term that matches none of <paramref name="layers"/>.</summary>
    internal string Nearest(IReadOnlyList<LearnableLayer> layers) => Name is null
        ? $"their kernels are {KernelsOf(layers)}"
        : $"the nearest name is '{layers.MinBy(layer => Distance(Name, layer.Name))!.Name}'";

    /// <summary>The kernels there are: 1x1 and 3x3.</summary>
    internal static string KernelsOf(IReadOnlyList<LearnableLayer> layers) => string.Join(
        " and ", layers.Select(layer => (layer.KernelHeight, layer.KernelWidth)).Distinct().Order()
            .Select(kernel => $"{kernel.KernelHeight}x{kernel.KernelWidth}"));

    /// <summary>The term as it is read.</summary>
    public override string ToString() =>
        $"{(Excludes ? "-" : "")}{(Name is null ? $"{Kernel}{Height}x{Width}" : Name == EveryName ? Every : Name)}";

    private static bool IsSize(string text, out int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size > 0;

    /// <summary>How far a name is from those that a pattern matches: 0 for one that matches.</summary>
    private static int Distance(string pattern, string name) => EditDistance.Between(pattern, name, wildcard: '*');
}
