using FsCheck;
using FsCheck.Fluent;
using Nern.Representation;

namespace Nern.Tests.Representation;

public class StreamPartsTests
{
    [Fact]
    public void Parts_are_all_tensors_in_their_order_and_about_alike_large()
    {
        Prop.ForAll(Tensors().ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (tensors, count) =>
        {
            var parts = StreamParts.Of(tensors, count);
            Assert.Equal(count, parts.Length);
            Assert.Equal(tensors, parts.SelectMany(part => part));
            var (all, largest) = (tensors.Sum(tensor => tensor.Count), tensors.Select(tensor => tensor.Count).DefaultIfEmpty().Max());
            Assert.All(parts, part => Assert.InRange(part.Sum(tensor => tensor.Count), 0, ((double)all / count) + largest));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(65_535, 1)]
    [InlineData(65_536, 4)]
    public void Only_what_is_large_is_cut(int elements, int parts) => Assert.Equal(parts, StreamParts.Of([Tensor(elements)]).Length);

    [Fact]
    public void What_was_cut_is_split_again()
    {
        var parts = Gen.Choose(0, 5).Select(length => Enumerable.Range(0, length).Select(i => (byte)i).ToArray()).NonEmptyListOf();
        Prop.ForAll(parts.ToArbitrary(), written => Assert.Equal(
            written, StreamParts.Split(written.SelectMany(part => part).ToArray(), StreamParts.Cuts(written) ?? []).Select(part => part.ToArray())))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_comes_of_each_tensor_is_in_their_order() => Prop.ForAll(Tensors().ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (tensors, count) =>
        Assert.Equal(tensors, StreamParts.ForEach(StreamParts.Of(tensors, count), (_, tensor) => tensor))).QuickCheckThrowOnFailure();

    [Fact]
    public void What_fails_in_a_part_fails_as_it_did() => Assert.Throws<InvalidDataException>(() => StreamParts.ForEach(
        StreamParts.Of([Tensor(1), Tensor(1)], 2), (part, tensor) => part == 1 ? throw new InvalidDataException() : tensor));

    private static Gen<List<StoredTensor>> Tensors() => Gen.Choose(0, 2000).Select(Tensor).ListOf();

    private static StoredTensor Tensor(int elements) => new("a", "a", [elements], null);
}
