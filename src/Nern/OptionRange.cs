using System.Globalization;

namespace Nern;

/// <summary>The values an option may take: from a minimum up to a maximum, either of which may itself be left out.</summary>
internal readonly record struct OptionRange(double Minimum, double Maximum)
{
    public bool ExcludesMinimum { get; init; }

    public bool ExcludesMaximum { get; init; }

    /// <summary>[0, 1): decay rates.</summary>
    public static OptionRange Decay => new(0, 1) { ExcludesMaximum = true };

    public static OptionRange AtLeast(double minimum) => new(minimum, double.PositiveInfinity) { ExcludesMaximum = true };

    /// <summary>Refuses a value outside the range (or not a number) with a sentence that names the option.</summary>
    /// <exception cref="NernException">The value is outside the range.</exception>
    public void Check(string option, double value)
    {
        // Written so that NaN fails.
        var inside = (ExcludesMinimum ? value > Minimum : value >= Minimum) && (ExcludesMaximum ? value < Maximum : value <= Maximum);
        if (!inside)
            throw new NernException(string.Create(CultureInfo.InvariantCulture, $"The option {option} must be in {this}, but is {value}."));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(ExcludesMinimum ? '(' : '[')}{Minimum}, {End}{(ExcludesMaximum ? ')' : ']')}");

    private object End => double.IsPositiveInfinity(Maximum) ? "infinity" : Maximum;
}
