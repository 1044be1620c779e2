namespace Nern.Ranks;

/// <summary>A process alone: all of the work is its, and nothing is exchanged.</summary>
public sealed class SingleRank : Communicator
{
    /// <inheritdoc/>
    public override int Rank => 0;

    /// <inheritdoc/>
    public override int Size => 1;

    /// <inheritdoc/>
    public override void Sum(Span<float> values)
    {
    }

    /// <inheritdoc/>
    public override void Sum(Span<double> values)
    {
    }

    /// <inheritdoc/>
    public override void Max(Span<double> values)
    {
    }

    /// <inheritdoc/>
    public override void Gather(Span<float> rows, int width)
    {
    }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> values)
    {
    }
}
