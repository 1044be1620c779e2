namespace Nern.Prediction;

/// <summary>Which kernels the rows of a predictor pass stand for: a run of them, or a chosen few.</summary>
internal sealed class KernelRows
{
    private int _first;
    private int[]? _chosen;

    /// <summary>The number of rows in use.</summary>
    internal int Count { get; private set; }

    /// <summary>The kernel of a row.</summary>
    internal int this[int row] => _chosen is null ? _first + row : _chosen[row];

    /// <summary>Kernels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    internal void SetRange(int first, int count) => (_first, _chosen, Count) = (first, null, count);

    /// <summary>The first <paramref name="count"/> entries of <paramref name="kernels"/>, which is kept, not copied.</summary>
    internal void SetChosen(int[] kernels, int count) => (_chosen, Count) = (kernels, count);
}
