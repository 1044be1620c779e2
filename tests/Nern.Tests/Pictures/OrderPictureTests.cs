using Nern.Orderings;
using Nern.Pictures;

namespace Nern.Tests.Pictures;

public class OrderPictureTests
{
    [Fact]
    public void Without_an_order_each_row_has_the_colour_of_its_filter()
    {
        var picture = OrderPicture.Draw(Ordering.None(3, 2), most: 9, scale: 4);

        Assert.Equal((8, 12), (picture.Width, picture.Height));
        var rows = Enumerable.Range(0, 3).Select(row => Pixel(picture, 0, 4 * row)).ToList();
        Assert.Equal(3, rows.Distinct().Count());
        Assert.All(Enumerable.Range(0, 96), i => Assert.Equal(rows[i / 8 / 4], Pixel(picture, i % 8, i / 8)));
        Assert.Equal(((byte)68, (byte)1, (byte)84), rows[0]);
        Assert.Equal(((byte)253, (byte)231, (byte)37), rows[2]);
    }

    [Fact]
    public void A_kernel_has_the_colour_of_the_filter_it_came_from()
    {
        var order = Ordering.CrossFilter(2, 3, [5, 0, 4, 1, 3, 2]);
        var picture = OrderPicture.Draw(order, most: 9, scale: 1);
        var (first, last) = (Pixel(OrderPicture.Draw(Ordering.None(2, 3), 9, 1), 0, 0),
            Pixel(OrderPicture.Draw(Ordering.None(2, 3), 9, 1), 0, 1));

        Assert.Equal(
            [last, first, last, first, last, first], Enumerable.Range(0, 6).Select(place => Pixel(picture, place % 3, place / 3)));
    }

    [Fact]
    public void A_large_layer_is_cut_and_a_single_filter_has_a_colour()
    {
        Assert.Equal((2, 2), (OrderPicture.Draw(Ordering.None(9, 7), most: 2, scale: 1).Width,
            OrderPicture.Draw(Ordering.None(9, 7), 2, 1).Height));
        Assert.Equal(((byte)68, (byte)1, (byte)84), Pixel(OrderPicture.Draw(Ordering.None(1, 1), 2, 1), 0, 0));
    }

    private static (byte, byte, byte) Pixel(Picture picture, int x, int y) =>
        (picture.Row(y)[3 * x], picture.Row(y)[(3 * x) + 1], picture.Row(y)[(3 * x) + 2]);
}
