using Nern.Fitting;

namespace Nern.Cli.Display;

/// <summary>Shows how a fit goes on.</summary>
internal interface IFitDisplay : IProgressDisplay<FitProgress>
{
    /// <summary>The part of the kernels that have been put in order; called from several threads, one at a time.</summary>
    void Ordering(double part);
}
