using Nern.Checkpoints;

namespace Nern.Tests.Checkpoints.Torch;

public sealed class TorchTensorTests
{
    [Fact]
    public void A_view_in_row_major_order_is_a_slice_of_its_storage() =>
        Assert.Equal([2f, 3f, 4f, 5f, 6f, 7f], Read(12, 2, [3, 1, 2], [2, 99, 1]));

    [Fact]
    public void A_view_in_any_other_order_is_gathered() =>
        Assert.Equal([1f, 5f, 9f, 2f, 6f, 10f], Read(12, 1, [2, 3], [1, 4]));

    [Fact]
    public void An_empty_view_may_begin_at_the_end() =>
        Assert.Empty(Read(12, 12, [0, 5], [5, 1]));

    [Theory]
    [InlineData(12, 0, new[] { 13 }, new[] { 1 }, "has the shape [13], more elements than the 12 of its storage.")]
    [InlineData(12, 0, new[] { 12, 12 }, new[] { 0, 0 }, "has the shape [12, 12], more elements than the 12 of its storage.")]
    [InlineData(12, 6, new[] { 7 }, new[] { 1 }, "reaches element 12 of a storage of 12.")]
    [InlineData(12, 0, new[] { 2, 2 }, new[] { int.MaxValue, 1 }, "reaches element 2147483648 of a storage of 12.")]
    [InlineData(12, 13, new[] { 0 }, new[] { 1 }, "reaches element 12 of a storage of 12.")]
    [InlineData(12, -1, new[] { 1 }, new[] { 1 }, "begins at no element of its storage.")]
    [InlineData(12, 0, new[] { -1 }, new[] { 1 }, "has a size or stride that is not a whole number from 0 to 2147483647.")]
    [InlineData(12, 0, new[] { 1 }, new[] { -1 }, "has a size or stride that is not a whole number from 0 to 2147483647.")]
    [InlineData(12, 0, new[] { 1, 1 }, new[] { 1 }, "lacks a size and a stride for each of at most 16 dimensions.")]
    public void A_view_that_leaves_its_storage_is_refused(int count, int offset, int[] size, int[] stride, string message) =>
        Assert.Equal($"'x' has a tensor 'w' that {message}", TestFiles.ErrorOf(() => Read(count, offset, size, stride)));

    [Fact]
    public void Copies_are_bounded_by_the_size_of_the_file()
    {
        var builder = new PickleBuilder().Op("}").Tensor(10_000, 0, [100, 100], [1, 100]).Op("q\u00010");
        for (var i = 0; i < 100; i++)
            builder.Text($"{i}").Op("h\u0001s");

        Assert.Matches(
            "^'x' has a tensor '[45]' that would unfold, with those before it, to several times the size of the file.$",
            TestFiles.ErrorOf(() => Checkpoint.Read(PickleBuilder.Zip(builder.Stop(), 10_000), "x")));
    }

    private static float[] Read(int count, int offset, int[] size, int[] stride) =>
        Checkpoint.Read(PickleBuilder.ZipOfTensor(count, offset, size, stride), "x").Tensors["w"].ToFloats();
}
