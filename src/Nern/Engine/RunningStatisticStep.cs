using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>
/// A running mean or variance follows the batch's: running += momentum (correction · batch's - running)
/// (Ioffe and Szegedy, <i>Batch Normalization</i>, 2015, algorithm 2).
/// </summary>
/// <param name="batch">The batch's own, [channels].</param>
/// <param name="statistics">All running statistics of the network.</param>
/// <param name="offset">Where this one begins.</param>
/// <param name="correction">What makes an unbiased estimate of the batch's.</param>
internal sealed class RunningStatisticStep(Memory batch, float[] statistics, int offset, float correction) : Step("running statistics")
{
    /// <summary>PyTorch's default.</summary>
    private const float Momentum = 0.1f;

    protected override void Work()
    {
        var values = batch.AsSpan<float>();
        var running = statistics.AsSpan(offset, values.Length);
        for (var i = 0; i < running.Length; i++)
            running[i] += Momentum * ((values[i] * correction) - running[i]);
    }
}
