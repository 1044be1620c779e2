namespace Nern.Objectives;

/// <summary>How the reconstruction loss is normalised.</summary>
public enum ReconstructionLossForm
{
    /// <summary>The released code: the root of the mean squared error over all learnable weights.</summary>
    RootMeanSquare,
    /// <summary>The paper's equation 3: the l2 norm of the error over the number of weights.</summary>
    NormOverCount,
    /// <summary>The mean squared error: its gradient shrinks with the error, where those of the other two keep their length.</summary>
    MeanSquare,
}

/// <summary>The reconstruction loss, from the squared error summed over all learnable weights.</summary>
internal static class ReconstructionLoss
{
    /// <summary>The loss, and what the error of a weight is multiplied with to give the gradient at that weight.</summary>
    /// <param name="squaredError">Summed over all weights.</param>
    /// <param name="count">The number of weights.</param>
    /// <param name="form">The form.</param>
    internal static (double Loss, double Factor) Of(double squaredError, long count, ReconstructionLossForm form)
    {
        if (form == ReconstructionLossForm.MeanSquare)
            return (squaredError / count, 2.0 / count);
        var norm = Math.Sqrt(squaredError);
        var divisor = form == ReconstructionLossForm.RootMeanSquare ? Math.Sqrt(count) : count;
        // At a perfect reconstruction the norm has no gradient; zero is the subgradient that changes nothing.
        return (norm / divisor, norm > 0 ? 1 / (norm * divisor) : 0);
    }
}
