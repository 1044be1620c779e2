namespace Nern.Orderings;

/// <summary>
/// The order in which the predictor meets the kernels of one layer. The weights stay where they are: position p = (p / C, p % C)
/// is the coordinate the predictor sees, and <see cref="KernelAt"/> says which kernel of the layer its output is.
/// </summary>
public sealed class Ordering
{
    private int[]? _kernelAt;
    private readonly int[] _filterPath;
    private readonly int[] _channelPaths;

    private Ordering(OrderingKind kind, int filters, int channels, int[]? kernelAt, int[] filterPath, int[] channelPaths)
    {
        Kind = kind;
        Filters = filters;
        Channels = channels;
        _kernelAt = kernelAt;
        _filterPath = filterPath;
        _channelPaths = channelPaths;
    }

    /// <summary>How the order was made.</summary>
    public OrderingKind Kind { get; }

    /// <summary>Filters F of the layer.</summary>
    public int Filters { get; }

    /// <summary>Channels C of a filter.</summary>
    public int Channels { get; }

    /// <summary>The kernel (f * C + c) at each position, [filters * channels].</summary>
    public ReadOnlySpan<int> KernelAt => _kernelAt ??= [.. Enumerable.Range(0, Filters * Channels)];

    /// <summary>In-filter and by axes, else empty: the filter at each position, [filters].</summary>
    public ReadOnlySpan<int> FilterPath => _filterPath;

    /// <summary>
    /// In-filter: for each filter of the layer its channels in the order of the path, [filters, channels]. By axes: the channel at each
    /// position of every filter, [channels]. Else empty.
    /// </summary>
    public ReadOnlySpan<int> ChannelPaths => _channelPaths;

    /// <summary>The order that changes nothing; its kernels are numbered when first asked for.</summary>
    public static Ordering None(int filters, int channels)
    {
        _ = checked(filters * channels);
        return new(OrderingKind.None, filters, channels, null, [], []);
    }

    /// <summary>A cross-filter order.</summary>
    /// <param name="filters">Filters F of the layer.</param>
    /// <param name="channels">Channels C of a filter.</param>
    /// <param name="kernelAt">The kernel at each position, [filters * channels]; copied.</param>
    /// <exception cref="NernException">It is not a permutation of the kernels.</exception>
    public static Ordering CrossFilter(int filters, int channels, ReadOnlySpan<int> kernelAt)
    {
        CheckPermutation(kernelAt, checked(filters * channels), "A cross-filter order");
        return new(OrderingKind.CrossFilter, filters, channels, kernelAt.ToArray(), [], []);
    }

    /// <summary>An in-filter order from its two factors.</summary>
    /// <param name="filters">Filters F of the layer.</param>
    /// <param name="channels">Channels C of a filter.</param>
    /// <param name="filterPath">The filter at each position, [filters]; copied.</param>
    /// <param name="channelPaths">For each filter of the layer its channels in the order of the path, [filters, channels]; copied.</param>
    /// <exception cref="NernException">One of them is not a permutation.</exception>
    public static Ordering InFilter(int filters, int channels, ReadOnlySpan<int> filterPath, ReadOnlySpan<int> channelPaths)
    {
        if (channelPaths.Length != checked(filters * channels))
            throw new NernException($"The channel paths of an in-filter order have {filters} x {channels} entries; got {channelPaths.Length}.");
        CheckPermutation(filterPath, filters, "The filter path of an in-filter order");
        for (var f = 0; f < filters; f++)
            CheckPermutation(channelPaths.Slice(f * channels, channels), channels, $"The channel path of filter {f}");

        var kernelAt = new int[filters * channels];
        for (var p = 0; p < kernelAt.Length; p++)
        {
            var start = filterPath[p / channels] * channels;
            kernelAt[p] = start + channelPaths[start + (p % channels)];
        }
        return new(OrderingKind.InFilter, filters, channels, kernelAt, filterPath.ToArray(), channelPaths.ToArray());
    }

    /// <summary>An order of the filters and one of the channels, the same in every filter.</summary>
    /// <param name="filters">Filters F of the layer.</param>
    /// <param name="channels">Channels C of a filter.</param>
    /// <param name="filterPath">The filter at each position, [filters]; copied.</param>
    /// <param name="channelPath">The channel at each position, [channels]; copied.</param>
    /// <exception cref="NernException">One of them is not a permutation.</exception>
    public static Ordering Axes(int filters, int channels, ReadOnlySpan<int> filterPath, ReadOnlySpan<int> channelPath)
    {
        CheckPermutation(filterPath, filters, "The filter path of an order by axes");
        CheckPermutation(channelPath, channels, "The channel path of an order by axes");
        var kernelAt = new int[checked(filters * channels)];
        for (var p = 0; p < kernelAt.Length; p++)
            kernelAt[p] = (filterPath[p / channels] * channels) + channelPath[p % channels];
        return new(OrderingKind.Axes, filters, channels, kernelAt, filterPath.ToArray(), channelPath.ToArray());
    }

    /// <summary>
    /// What storing an order costs, in bits (paper, section 3.3): cross-filter F C log2(F C), in-filter F C log2 C + F log2 F; by axes F log2 F + C log2 C.
    /// </summary>
    public static double BitsOf(OrderingKind kind, int filters, int channels)
    {
        var kernels = (double)filters * channels;
        return kind switch
        {
            OrderingKind.None => 0,
            OrderingKind.InFilter => (kernels * Math.Log2(channels)) + (filters * Math.Log2(filters)),
            OrderingKind.Axes => (filters * Math.Log2(filters)) + (channels * Math.Log2(channels)),
            OrderingKind.CrossFilter => kernels * Math.Log2(kernels),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static void CheckPermutation(ReadOnlySpan<int> path, int count, string name)
    {
        if (path.Length != count)
            throw new NernException($"{name} has {count} entries; got {path.Length}.");
        var seen = new bool[count];
        foreach (var index in path)
        {
            if ((uint)index >= (uint)count)
                throw new NernException($"{name} names 0 to {count - 1}; got {index}.");
            if (seen[index])
                throw new NernException($"{name} names each of 0 to {count - 1} once; {index} stands there twice.");
            seen[index] = true;
        }
    }
}

/// <summary>How the kernels of a layer are put in order before the predictor meets them (paper, section 3.3).</summary>
public enum OrderingKind
{
    /// <summary>As they stand in the network.</summary>
    None,
    /// <summary>A path through the kernels of each filter, then a path through the filters so permuted.</summary>
    InFilter,
    /// <summary>One path through all kernels of the layer.</summary>
    CrossFilter,
    /// <summary>A path through whole filters, and one through whole channels, the same in every filter: not in the paper, and takes next to nothing.</summary>
    Axes,
}
