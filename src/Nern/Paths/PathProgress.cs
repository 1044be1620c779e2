namespace Nern.Paths;

/// <summary>Adds up what several paths have visited, passes the sum on, and ends them when asked to.</summary>
/// <param name="total">Kernels to visit in all.</param>
/// <param name="progress">Hears the part visited so far, never less than before.</param>
/// <param name="cancellation">Ends the work early.</param>
internal sealed class PathProgress(long total, IProgress<double>? progress, CancellationToken cancellation)
{
    private readonly Lock _gate = new();
    private long _visited;

    public void Advance(int kernels)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _visited += kernels;
            progress?.Report((double)_visited / total);
        }
    }
}
