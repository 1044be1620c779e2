namespace Nern.Fitting;

/// <summary>
/// Tells when a loss rises: its running mean is twice the lowest that this had, or ten times that within the first fifty steps. Distillation then undoes what the
/// steps before have found, which a learning rate does that is too high for the network.
/// </summary>
internal record struct Rise
{
    // Of about fifty steps; with fewer the mean says little, with fewer than ten nothing.
    private const double Decay = 0.98, Most = 2, MostAtFirst = 10;
    private const long Ignored = 10, First = 50;

    /// <summary>Steps so far.</summary>
    public long Steps { readonly get; set; }

    /// <summary>The running mean.</summary>
    public double Mean { readonly get; set; }

    /// <summary>The lowest that it had; null where it has said nothing yet.</summary>
    public double? Lowest { readonly get; set; }

    /// <summary>Whether the loss is about as low as it has been, so that this state is worth going back to.</summary>
    public readonly bool IsLow => !(Mean > 1.1 * Lowest);

    /// <summary>Takes the loss of a step.</summary>
    /// <returns>Whether it has risen.</returns>
    internal bool Add(double loss)
    {
        Steps++;
        Mean += (1 - Math.Min(Decay, 1 - (1.0 / Steps))) * (loss - Mean);
        if (Steps < Ignored)
            return false;
        Lowest = Steps == First ? Mean : Math.Min(Mean, Lowest ?? Mean);
        return Mean > (Steps < First ? MostAtFirst : Most) * Lowest;
    }
}
