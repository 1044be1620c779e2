namespace Nern.Fitting;

/// <summary>
/// Tells when a loss has stopped falling: its mean over a window is hardly lower than over the window before. Windows grow with the
/// steps taken, so that a slow fall late is no plateau and noise averages out.
/// </summary>
internal record struct Plateau
{
    private const long ShortestWindow = 100;

    /// <summary>Losses of the small steps that a phase begins with may rise, and tell nothing.</summary>
    private const long Ignored = FitStep.RampSteps;

    /// <summary>Steps so far.</summary>
    public long Steps { readonly get; set; }

    /// <summary>The step at which the running window ends.</summary>
    public long WindowEnd { readonly get; set; }

    /// <summary>Steps in the running window.</summary>
    public long WindowSteps { readonly get; set; }

    /// <summary>The sum of the losses in the running window.</summary>
    public double Sum { readonly get; set; }

    /// <summary>The mean of the window before, or null.</summary>
    public double? Previous { readonly get; set; }

    /// <summary>Takes the loss of a step.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="leastFall">The relative fall from window to window below which it is a plateau.</param>
    /// <returns>Whether this step completes a window without such a fall.</returns>
    internal bool Add(double loss, double leastFall)
    {
        if (Steps < Ignored)
        {
            WindowEnd = ++Steps;
            return false;
        }
        if (Steps >= WindowEnd)
            WindowEnd = Steps + Math.Max(ShortestWindow, Steps / 4);
        Steps++;
        WindowSteps++;
        Sum += loss;
        if (Steps < WindowEnd)
            return false;
        var mean = Sum / WindowSteps;
        var isMet = mean > Previous * (1 - leastFall);
        (Previous, Sum, WindowSteps) = (mean, 0, 0);
        return isMet;
    }
}
