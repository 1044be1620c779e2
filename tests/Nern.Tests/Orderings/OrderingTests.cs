using Nern.Orderings;

namespace Nern.Tests.Orderings;

public sealed class OrderingTests
{
    [Fact]
    public void None_changes_nothing()
    {
        var ordering = Ordering.None(2, 3);

        Assert.Equal([0, 1, 2, 3, 4, 5], ordering.KernelAt.ToArray());
        Assert.Equal(0, ordering.FilterPath.Length + ordering.ChannelPaths.Length);
    }

    [Fact]
    public void InFilter_joins_the_path_of_filters_with_the_paths_inside_them()
    {
        var ordering = Ordering.InFilter(2, 3, [1, 0], [0, 2, 1, 2, 1, 0]);

        Assert.Equal([5, 4, 3, 0, 2, 1], ordering.KernelAt.ToArray());
        Assert.Equal([1, 0], ordering.FilterPath.ToArray());
        Assert.Equal([0, 2, 1, 2, 1, 0], ordering.ChannelPaths.ToArray());
    }

    [Fact]
    public void Axes_have_the_same_path_of_channels_in_every_filter()
    {
        var ordering = Ordering.Axes(2, 3, [1, 0], [0, 2, 1]);

        Assert.Equal([3, 5, 4, 0, 2, 1], ordering.KernelAt.ToArray());
        Assert.Equal([1, 0], ordering.FilterPath.ToArray());
        Assert.Equal([0, 2, 1], ordering.ChannelPaths.ToArray());
    }

    [Fact]
    public void What_is_no_permutation_is_refused()
    {
        Assert.Contains("4 stands there twice", Refused(() => Ordering.CrossFilter(2, 3, [0, 1, 4, 3, 4, 5])));
        Assert.Contains("got 6", Refused(() => Ordering.CrossFilter(2, 3, [0, 1, 2, 3, 4, 6])));
        Assert.Contains("6 entries; got 5", Refused(() => Ordering.CrossFilter(2, 3, [0, 1, 2, 3, 4])));
        Assert.Contains("filter path", Refused(() => Ordering.InFilter(2, 3, [1, 1], [0, 2, 1, 2, 1, 0])));
        Assert.Contains("filter 1", Refused(() => Ordering.InFilter(2, 3, [1, 0], [0, 2, 1, 2, 2, 0])));
        Assert.Contains("filter path", Refused(() => Ordering.Axes(2, 3, [1, 1], [0, 2, 1])));
        Assert.Contains("channel path", Refused(() => Ordering.Axes(2, 3, [1, 0], [0, 2, 3])));
        Assert.Contains("got 5", Refused(() => Ordering.InFilter(2, 3, [1, 0], [0, 2, 1, 2, 1])));
    }

    [Fact]
    public void BitsOf_is_what_the_paper_counts()
    {
        Assert.Equal(0, Ordering.BitsOf(OrderingKind.None, 64, 64));
        Assert.Equal(4096 * 12, Ordering.BitsOf(OrderingKind.CrossFilter, 64, 64), 1e-6);
        Assert.Equal((4096 * 6) + (64 * 6), Ordering.BitsOf(OrderingKind.InFilter, 64, 64), 1e-6);
        Assert.Equal((64 * 6) + (16 * 4), Ordering.BitsOf(OrderingKind.Axes, 64, 16), 1e-6);
        Assert.Equal(0, Ordering.BitsOf(OrderingKind.InFilter, 1, 1));
    }

    private static string Refused(Action action) => Assert.Throws<NernException>(action).Message;
}
