namespace Nern.Cli.Options;

/// <summary>The numbers that an option takes: from a minimum to a maximum, either of which may itself be left out. All are finite.</summary>
internal readonly record struct ValueRange(double Minimum, double Maximum)
{
    internal bool ExcludesMinimum { get; init; }

    internal bool ExcludesMaximum { get; init; }

    internal static ValueRange Any => new(double.NegativeInfinity, double.PositiveInfinity);

    internal static ValueRange AtLeast(double minimum) => new(minimum, double.PositiveInfinity);

    internal static ValueRange Above(double minimum, double maximum) => new(minimum, maximum) { ExcludesMinimum = true };

    /// <summary>[0, 1): decay rates.</summary>
    internal static ValueRange Decay => new(0, 1) { ExcludesMaximum = true };

    internal bool Contains(double value) => double.IsFinite(value)
        && (ExcludesMinimum ? value > Minimum : value >= Minimum) && (ExcludesMaximum ? value < Maximum : value <= Maximum);

    /// <summary>In words that follow "a number", with the space before them; nothing where all numbers are meant.</summary>
    public override string ToString()
    {
        if (double.IsNegativeInfinity(Minimum))
            return "";
        var start = ExcludesMinimum ? "above" : "from";
        return (double.IsPositiveInfinity(Maximum), ExcludesMaximum) switch
        {
            (true, _) => FormattableString.Invariant($" {start} {Minimum}{(ExcludesMinimum ? "" : " on")}"),
            (_, true) => FormattableString.Invariant($" {start} {Minimum} to below {Maximum}"),
            _ => FormattableString.Invariant($" {start} {Minimum} to {Maximum}"),
        };
    }
}
