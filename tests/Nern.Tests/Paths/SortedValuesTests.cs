using Nern.Kernels;
using Nern.Paths;

namespace Nern.Tests.Paths;

public class SortedValuesTests
{
    [Fact]
    public void Values_of_each_row_go_from_the_least_to_the_largest()
    {
        var layout = new KernelLayout([new("a", 1, 2, 2, 2), new("b", 2, 5, 1, 1)], KernelReading.Block);

        Assert.Equal([3, 0, 1, 2, 0, 1, 2, 3], SortedValues.OrderOf(layout, 0, [4, -1, 2, 3, 1, 2, 3, 4]));
        // Blocks of four channels and of one.
        Assert.Equal([3, 2, 1, 0, 0, 1, 3, 0, 2, 0], SortedValues.OrderOf(layout, 1, [4, 3, 2, 1, 9, 1, 7, 0.5f, 2, -3]));
    }

    [Fact]
    public void Of_equal_values_the_first_is_first()
    {
        var layout = new KernelLayout([new("a", 1, 1, 2, 3)]);

        Assert.Equal([1, 2, 5, 3, 0, 4], SortedValues.OrderOf(layout, 0, [0, 0, 1, -0f, -1, 0]));
    }
}
