using Nern.Data;
using Nern.Pictures;

namespace Nern.Tests.Pictures;

public class ContactSheetTests
{
    [Fact]
    public void A_class_has_a_row_with_its_first_images_at_the_scale_asked_for()
    {
        // Images of one pixel; the second class has none.
        var images = new ImageSet([1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33], [2, 0, 2, 2], channels: 3, height: 1, width: 1,
            classes: 3);

        var sheet = ContactSheet.Draw(images, columns: 2, scale: 3);

        Assert.Equal((12, 12, 3), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal([11, 12, 13], Pixel(sheet, 2, 2));
        Assert.Equal([11, 12, 13], Pixel(sheet, 4, 4));
        Assert.Equal([255, 255, 255], Pixel(sheet, 5, 4));
        Assert.Equal([255, 255, 255], Pixel(sheet, 7, 2));
        Assert.Equal([1, 2, 3], Pixel(sheet, 2, 7));
        Assert.Equal([21, 22, 23], Pixel(sheet, 9, 9));
        Assert.Equal(7, ContactSheet.Draw(images, columns: 2, scale: 3, rows: 1).Height);
    }

    private static byte[] Pixel(Picture picture, int x, int y) => picture.Row(y).Slice(3 * x, 3).ToArray();
}
