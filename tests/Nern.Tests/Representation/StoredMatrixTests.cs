using FsCheck;
using FsCheck.Fluent;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Tests.Representation;

public class StoredMatrixTests
{
    [Fact]
    public void Matrices_with_any_zeros_come_back_bit_by_bit()
    {
        var value = Gen.Frequency((3, Gen.Constant(0f)), (1, Gen.Constant(-0f)), (3, Gen.Choose(-1000, 1000).Select(i => i / 64f)));
        var matrices = from rows in Gen.Choose(1, 9)
                       from columns in Gen.Choose(1, 20)
                       from values in value.ArrayOf(rows * columns)
                       select (rows, columns, values);
        Prop.ForAll(matrices.ToArbitrary(), matrix =>
        {
            var (rows, columns, values) = matrix;
            var read = new float[values.Length];
            StoredMatrix.Read(StoredMatrix.Write("w", rows, columns, values).ToDictionary(), "w", rows, columns).CopyTo(read);
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), read.Select(BitConverter.SingleToInt32Bits));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(99, 1)]
    [InlineData(100, 2)]
    [InlineData(1600, 2)]
    public void Few_zeros_are_kept_as_numbers(int zeros, int tensors)
    {
        float[] values = [.. Enumerable.Range(0, 1600).Select(i => i < zeros ? 0 : 1f)];
        var written = StoredMatrix.Write("w", 40, 40, values);
        Assert.Equal(tensors, written.Length);
        Assert.Equal(tensors == 1 ? 6400 : (4 * (1600 - zeros)) + 200, written.Sum(tensor => tensor.Value.Data.Length));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var tensors = StoredMatrix.Write("w", 3, 3, [1, 0, 2, 0, 3, 0, 4, 0, 5]).ToDictionary();
        Refuses("a bit for each of 20 values", tensors, 4, 5, tensors["w.present"]);
        Refuses("a bit for each of 9 values", tensors, 3, 3, new(ElementType.UInt8, [2], new byte[] { 0xFF, 0x02 }));
        Refuses("a bit for each of 9 values", tensors, 3, 3, new(ElementType.Int8, [2], new byte[2]));
        Refuses("w is [5] instead of [6]", tensors, 3, 3, new(ElementType.UInt8, [2], new byte[] { 0x3F, 0x00 }));
        tensors.Remove("w");
        Refuses("the tensor w is missing", tensors, 3, 3, new(ElementType.UInt8, [2], new byte[2]));

        static void Refuses(string message, Dictionary<string, Tensor> tensors, int rows, int columns, Tensor present)
        {
            tensors["w.present"] = present;
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => StoredMatrix.Read(tensors, "w", rows, columns)).Message);
        }
    }
}
