namespace Nern.Options;

/// <summary>
/// The numbers that an option takes: from a minimum to a maximum, either of which may itself be left out. All are finite.
/// </summary>
internal readonly record struct OptionRange(double Minimum, double Maximum)
{
    public bool ExcludesMinimum { get; init; }

    public bool ExcludesMaximum { get; init; }

    public static OptionRange Any => new(double.NegativeInfinity, double.PositiveInfinity);

    public static OptionRange AtLeast(double minimum) => new(minimum, double.PositiveInfinity);

    public static OptionRange Above(double minimum, double maximum = double.PositiveInfinity) =>
        new(minimum, maximum) { ExcludesMinimum = true };

    /// <summary>[0, 1): decay rates.</summary>
    public static OptionRange Decay => new(0, 1) { ExcludesMaximum = true };

    public bool Contains(double value) => double.IsFinite(value)
        && (ExcludesMinimum ? value > Minimum : value >= Minimum) && (ExcludesMaximum ? value < Maximum : value <= Maximum);

    /// <summary>Refuses a value outside the range (or not a number) with a sentence that names the option.</summary>
    /// <exception cref="NernException">The value is outside the range.</exception>
    public void Check(string option, double value)
    {
        if (!Contains(value))
            throw new NernException(FormattableString.Invariant($"The option {option} takes a number{this}; got {value}."));
    }

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
