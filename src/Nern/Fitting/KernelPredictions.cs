using Nern.Fitting.Resuming;
using Nern.Fitting.Sampling;
using Nern.Prediction;
using Nern.Ranks;
using Nern.Runs;

namespace Nern.Fitting;

/// <summary>
/// The weights that the reconstruction runs with: what each kernel was last predicted as. A step predicts all of them, or the next few in
/// turn, in a block of rows that begins again at the first behind the last; with its batch, which is predicted in any case, those are new.
/// Each rank predicts its share of both and has all from the others.
/// </summary>
internal sealed class KernelPredictions
{
    private const string ArrayName = "predictions";

    private readonly PredictorPlan _predictor;
    private readonly int _block;
    private readonly Communicator _ranks;
    private readonly float[] _batch = [];

    /// <param name="predictor">The predictor, made for blocks of as many kernels as are this rank's.</param>
    /// <param name="block">Kernels that a step predicts besides its batch, see <see cref="BlockOf"/>.</param>
    /// <param name="ranks">Who shares the work.</param>
    /// <param name="batch">The most kernels of a batch.</param>
    internal KernelPredictions(PredictorPlan predictor, int block, Communicator ranks, int batch)
    {
        _ranks = ranks;
        if (ranks.IsShared && block < predictor.Kernels)
            _batch = new float[batch * predictor.Shape.Outputs];
        _predictor = predictor;
        _block = block;
        Rows = new float[predictor.Kernels * predictor.Shape.Outputs];
    }

    /// <summary>The predictions, [kernels, K x K].</summary>
    internal float[] Rows { get; }

    /// <summary>The kernel that the next block begins with; null where all are to be predicted, for instance since none is yet.</summary>
    internal int? Next { get; private set; }

    /// <summary>How many of <paramref name="kernels"/> a step predicts besides its batch.</summary>
    internal static int BlockOf(int kernels, double share) => Math.Clamp((int)Math.Ceiling(share * kernels), 1, kernels);

    /// <summary>Predicts a batch and all kernels, or the next block, which the batch's join.</summary>
    /// <param name="batch">The batch.</param>
    internal void Refresh(DrawnKernels batch)
    {
        var isWhole = Next is null;
        var first = Next ?? 0;
        var count = isWhole ? _predictor.Kernels : Math.Min(_block, _predictor.Kernels - first);
        var (ownFirst, ownEnd) = _ranks.Share(count);
        _predictor.PredictBoth(batch.OwnRoom, batch.OwnCount, first + ownFirst, ownEnd - ownFirst, Rows);
        var outputs = _predictor.Shape.Outputs;
        _ranks.Gather(Rows.AsSpan(first * outputs, count * outputs), outputs);
        if (isWhole)
        {
            Next = _block < _predictor.Kernels ? 0 : null;
            return;
        }
        Next = (first + count) % _predictor.Kernels;
        var predicted = OfBatch(batch);
        for (var row = 0; row < batch.Count; row++)
            predicted.Slice(row * outputs, outputs).CopyTo(Rows.AsSpan(batch.Room[row] * outputs));
    }

    /// <summary>Keeps what later steps go on from.</summary>
    internal void Keep(Snapshot<FitState> snapshot)
    {
        if (Next is null)
            snapshot.Arrays.Remove(ArrayName);
        else
            snapshot.Keep(ArrayName, Rows);
    }

    /// <summary>Goes on from what a snapshot keeps; where it keeps none, the next step predicts all kernels.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="origin">Where it comes from, for the message.</param>
    /// <exception cref="NernException">It is not of as many kernels.</exception>
    internal void Restore(Snapshot<FitState> snapshot, string origin)
    {
        Next = snapshot.Arrays.ContainsKey(ArrayName) ? snapshot.State.NextKernel : null;
        if (Next is null)
            return;
        if (Next < 0 || Next >= _predictor.Kernels)
            throw new NernException($"'{origin}' goes on at kernel {Next}: expected one of {_predictor.Kernels}.");
        snapshot.Values(ArrayName, Rows.Length, origin).CopyTo(Rows);
    }

    /// <summary>The predictions of the whole batch, of which the predictor has this rank's.</summary>
    private ReadOnlySpan<float> OfBatch(DrawnKernels batch)
    {
        if (!_ranks.IsShared)
            return _predictor.Output;
        var outputs = _predictor.Shape.Outputs;
        var all = _batch.AsSpan(0, batch.Count * outputs);
        _predictor.Output[..(batch.OwnCount * outputs)].CopyTo(all[(batch.OwnFirst * outputs)..]);
        _ranks.Gather(all, outputs);
        return all;
    }
}
