using Nern.Networks;

namespace Nern.Fitting;

/// <summary>A round of a <see cref="ProgressiveFit"/>.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Target">The network whose weights are fitted.</param>
/// <param name="StepsBefore">Steps of the rounds before.</param>
/// <param name="TimeBefore">Time that they took.</param>
internal sealed record FitRound(int Index, Network Target, long StepsBefore, TimeSpan TimeBefore)
{
    /// <summary>The first round, which fits the original itself.</summary>
    internal static FitRound First(Network original) => new(0, original, 0, default);
}
