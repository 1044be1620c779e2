using System.Globalization;

namespace Nern;

/// <summary>Numbers as displays, reports and tables show them, in the invariant culture.</summary>
internal static class Figures
{
    /// <summary>For example 0:04:07.</summary>
    internal static string Time(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>Four digits that count: 0.01234, 5.000, 1.234e-6.</summary>
    internal static string Small(double value) => value == 0 ? "0" : Math.Abs(value) is >= 1e-3 and < 1e4
        ? value.ToString("G4", CultureInfo.InvariantCulture)
        : value.ToString("0.00e0", CultureInfo.InvariantCulture);

    /// <summary>With as many decimals as it needs, two at most: 12 or 3.25.</summary>
    internal static string Short(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>For example 0.3712.</summary>
    internal static string Fraction(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>For example 1,134,024 bytes.</summary>
    internal static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");

    /// <summary>For example 1,134,024.</summary>
    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>With a number of decimals, for example 12.345.</summary>
    internal static string Fixed(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    /// <summary>For example 61.24 %.</summary>
    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");
}
