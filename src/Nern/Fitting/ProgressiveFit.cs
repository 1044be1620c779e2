using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Prediction;
using Nern.Representation;
using Nern.Resuming;

namespace Nern.Fitting;

/// <summary>
/// Fits a network in rounds: the first fits its weights, each other the weights that the round before gave, which are smoother
/// (Choi et al., arXiv 2407.00356). All distil from the original and share its budget evenly. With one round it is a plain <see cref="Fit"/>.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="original">The network to be represented.</param>
/// <param name="inputs">What to distil and evaluate on.</param>
/// <param name="options">How; <see cref="FitOptions.Rounds"/> of them.</param>
public sealed class ProgressiveFit(CpuEngine engine, Network original, FitInputs inputs, FitOptions options)
{
    /// <summary>Runs all rounds, or until <paramref name="cancellation"/> asks for an early end.</summary>
    /// <param name="progress">Hears a few times a second and at every evaluation; called on the calling thread.</param>
    /// <param name="cancellation">Asks for an early end; what has been reached is returned.</param>
    /// <param name="checkpoints">Where to save the state from time to time, and at the end.</param>
    /// <param name="resume">Where to go on; null to begin.</param>
    /// <param name="ordering">Hears of the ordering of kernels.</param>
    /// <returns>The best representation of the last round, and its evaluation.</returns>
    /// <exception cref="NernException">An option or the checkpoint does not fit, or a fit has diverged.</exception>
    public (NeuralRepresentation Best, FitEvaluation Evaluation) Run(
        Action<FitProgress>? progress = null, CancellationToken cancellation = default, CheckpointOptions? checkpoints = null,
        FitCheckpoint? resume = null, IProgress<double>? ordering = null)
    {
        var rounds = options.Validate().Rounds;
        var round = resume?.Round(original, options.Layers) ?? FitRound.First(original);
        while (true)
        {
            using var fit = new Fit(engine, original, inputs, OptionsOf(round.Index), ordering, cancellation, resume, round);
            var result = fit.Run(progress, cancellation, checkpoints);
            if (round.Index + 1 >= rounds || cancellation.IsCancellationRequested)
                return result;
            (round, resume) = (fit.NextRound(result.Best.Reconstruct(engine)), null);
        }
    }

    private FitOptions OptionsOf(int round) => options with
    {
        Seed = options.Seed + (ulong)round,
        Steps = options.Steps == 0 ? 0 : Math.Max(1, options.Steps / options.Rounds),
        Minutes = options.Minutes / options.Rounds,
    };
}
