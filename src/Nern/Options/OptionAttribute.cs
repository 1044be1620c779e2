namespace Nern.Options;

/// <summary>
/// All that is to be said of an option but its default, which its property begins with: the command line, recipes, docs/options.md and the
/// checks are made from it.
/// </summary>
/// <param name="description">What it does, in sentences.</param>
/// <param name="why">Why its default is what it is.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionAttribute(string description, string why) : Attribute
{
    public string Description => description;

    public string Why => why;

    /// <summary>Where the paper speaks of it; empty where it does not.</summary>
    public string Paper { get; init; } = "";

    /// <summary>Its name where the property's would not do alone.</summary>
    public string? Name { get; init; }

    /// <summary>What stands for a number in help.</summary>
    public string Shape { get; init; } = "N";

    /// <summary>The word for no value, where it may have none.</summary>
    public string Absent { get; init; } = "auto";

    /// <summary>The value that its name alone stands for on the command line, beside a switch's "true"; null where it needs one.</summary>
    public object? Bare { get; init; }

    /// <summary>The smallest number it takes.</summary>
    public double From { get; init; } = double.NegativeInfinity;

    /// <summary>Numbers must be larger.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number it takes.</summary>
    public double To { get; init; } = double.PositiveInfinity;

    /// <summary>Numbers must be smaller.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    public OptionRange Range => new(Math.Max(From, Above), Math.Min(To, Below))
    {
        ExcludesMinimum = double.IsFinite(Above),
        ExcludesMaximum = double.IsFinite(Below),
    };
}
