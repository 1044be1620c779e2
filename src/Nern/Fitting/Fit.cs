using Nern.Evaluation;
using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Ranks;
using Nern.Representation;
using Nern.Runs;

namespace Nern.Fitting;

/// <summary>
/// Fits a neural representation to a network (paper, section 3), in rounds: the first fits the network's weights, each other the weights
/// that the round before gave, which are smoother (Choi et al., arXiv 2407.00356). All distil from the original and share its budget
/// evenly.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="original">The network to be represented.</param>
/// <param name="inputs">What to distil and evaluate on.</param>
/// <param name="options">How.</param>
/// <param name="start">
/// A representation with whose predictor the first round begins, as <see cref="PredictorOptions.Of"/> describes it; its hidden size may be
/// larger, with units that change nothing at first. Null begins with a predictor that is drawn.
/// </param>
/// <param name="ranks">
/// The processes that share the work; each makes the same fit, and the first alone saves and writes. Null for this process alone.
/// </param>
public sealed class Fit(CpuEngine engine, Network original, FitInputs inputs, FitOptions options, NeuralRepresentation? start = null,
    Communicator? ranks = null)
{
    private readonly Communicator _ranks = ranks ?? new SingleRank();

    private readonly Lazy<OriginalOutputs> _outputs = new(
        () => OriginalOutputs.Of(engine, original, options.Predictor.Layers, inputs, ranks ?? new SingleRank()));

    /// <summary>
    /// The original's accuracy on the test images, where there are some; worked out when it is first asked for, or by <see cref="Run"/>.
    /// </summary>
    /// <exception cref="NernException">The inputs do not fit the network.</exception>
    public Accuracy? OriginalAccuracy => _outputs.Value.Accuracy;

    /// <summary>
    /// Runs to the end of the budget, or until <paramref name="cancellation"/> asks it to stop after the step it is in; then
    /// evaluates once more. Where the fit diverges it goes back to the last good state with a halved learning rate, three times at most.
    /// </summary>
    /// <param name="progress">Hears a few times a second and at every evaluation; called on the calling thread.</param>
    /// <param name="cancellation">Asks for an early end; what has been reached is returned.</param>
    /// <param name="saving">Where to save the state from time to time, and at the end.</param>
    /// <param name="resume">Where to go on; null to begin.</param>
    /// <param name="preparation">Hears of the ordering of kernels, 0 to 1.</param>
    /// <returns>The best representation of the last round, and its evaluation.</returns>
    /// <exception cref="NernException">
    /// An option is out of range or beyond the processor, the inputs or the start do not fit the network, the unfinished fit is another,
    /// there is no room on the disk for the result, it could not be written, or the fit has diverged for the fourth time.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was asked to stop while it prepared.</exception>
    public (NeuralRepresentation Best, FitEvaluation Evaluation) Run(
        Action<FitProgress>? progress = null, CancellationToken cancellation = default, SavingOptions? saving = null,
        UnfinishedFit? resume = null, IProgress<double>? preparation = null)
    {
        var rounds = options.Validate().Budget.Rounds;
        saving?.Validate();
        var from = start is null ? null : new FitStart(start);
        from?.Check(options.Predictor, original.Graph);
        if (options.Optimizer.KeepZeros && (from?.Hidden != options.Predictor.Hidden || rounds > 1))
            throw new NernException("Zeros are kept of a predictor to begin with, as large as the one that is fitted, in a single round.");
        using var saver = saving is null ? null : new Saving(saving, _ranks.IsFirst);
        var begin = (resume?.Start(original, options.Predictor) ?? RoundStart.First(original)) with { From = from };
        while (true)
        {
            using var round = FitRound.Prepare(
                engine, original, inputs, OptionsOf(begin.Index), begin, preparation, cancellation, _outputs.Value, _ranks);
            if (resume is not null)
                round.Resume(resume);
            if (saver is not null)
                round.Reserve(saver);
            var result = round.Run(progress, cancellation, saver);
            if (begin.Index + 1 >= rounds || round.IsStopped)
            {
                saver?.Finish(path => NernFile.Save(path, result.Best), round.SaveTo);
                return result;
            }
            (begin, resume) = (round.Next(result.Best.Reconstruct()), null);
        }
    }

    private FitOptions OptionsOf(int round) => options with
    {
        Seed = options.Seed + (ulong)round,
        Budget = options.Budget.OfRound,
    };
}
