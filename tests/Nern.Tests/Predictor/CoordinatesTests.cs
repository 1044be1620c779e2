using Nern.Orderings;
using Nern.Predictor;

namespace Nern.Tests.Predictor;

public sealed class CoordinatesTests
{
    private static readonly Ordering[] Plain = [Ordering.None(2, 3), Ordering.None(4, 1)];

    [Fact]
    public void Local_coordinates_are_divided_by_their_own_extents() => AssertCoordinates(
        new Coordinates(Plain, CoordinateNormalization.Local),
        (0, 0, 0), (0, 0, 1 / 3.0), (0, 0, 2 / 3.0), (0, 1 / 2.0, 0), (0, 1 / 2.0, 1 / 3.0), (0, 1 / 2.0, 2 / 3.0),
        (1 / 2.0, 0, 0), (1 / 2.0, 1 / 4.0, 0), (1 / 2.0, 2 / 4.0, 0), (1 / 2.0, 3 / 4.0, 0));

    [Fact]
    public void Global_coordinates_are_divided_by_the_largest_extent_of_all() => AssertCoordinates(
        new Coordinates(Plain, CoordinateNormalization.Global),
        (0, 0, 0), (0, 0, 0.25), (0, 0, 0.5), (0, 0.25, 0), (0, 0.25, 0.25), (0, 0.25, 0.5),
        (0.25, 0, 0), (0.25, 0.25, 0), (0.25, 0.5, 0), (0.25, 0.75, 0));

    [Fact]
    public void The_number_of_layers_may_be_the_largest_extent()
    {
        AssertCoordinates(
            new Coordinates([Ordering.None(1, 2), Ordering.None(2, 1), Ordering.None(1, 1)], CoordinateNormalization.Global),
            (0, 0, 0), (0, 0, 1 / 3.0), (1 / 3.0, 0, 0), (1 / 3.0, 1 / 3.0, 0), (2 / 3.0, 0, 0));
    }

    [Fact]
    public void Bare_coordinates_are_the_indices() => AssertCoordinates(
        new Coordinates(Plain, CoordinateNormalization.None),
        (0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 0), (0, 1, 1), (0, 1, 2), (1, 0, 0), (1, 1, 0), (1, 2, 0), (1, 3, 0));

    [Fact]
    public void A_kernel_has_the_coordinate_of_its_position_in_the_order()
    {
        // The kernel at position 0 of the first layer is its kernel 4, and so on.
        Ordering[] orderings = [Ordering.CrossFilter(2, 3, [4, 1, 3, 0, 5, 2]), Ordering.InFilter(4, 1, [2, 0, 3, 1], [0, 0, 0, 0])];

        AssertCoordinates(
            new Coordinates(orderings, CoordinateNormalization.None),
            (0, 1, 0), (0, 0, 1), (0, 1, 2), (0, 0, 2), (0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 3, 0), (1, 0, 0), (1, 2, 0));
    }

    [Fact]
    public void Each_axis_lists_its_distinct_values_once()
    {
        var coordinates = new Coordinates(Plain, CoordinateNormalization.Local);

        Assert.Equal([0, 0.5], coordinates.Values(0).ToArray());
        // 1/2 of the first layer and 2/4 of the second are one value.
        Assert.Equal([0, 0.25, 0.5, 0.75], coordinates.Values(1).ToArray().Order());
        Assert.Equal([0, 1 / 3.0, 2 / 3.0], coordinates.Values(2).ToArray());
    }

    private static void AssertCoordinates(Coordinates coordinates, params (double Layer, double Filter, double Channel)[] expected)
    {
        Assert.Equal(expected.Length, coordinates.Count);
        var kernels = Enumerable.Range(0, coordinates.Count);
        Assert.Equal(expected, kernels.Select(kernel => (Value(0, kernel), Value(1, kernel), Value(2, kernel))));

        double Value(int axis, int kernel) => coordinates.Values(axis)[coordinates.Indices(axis)[kernel]];
    }
}
