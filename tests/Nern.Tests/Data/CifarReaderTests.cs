using Nern.Data;

namespace Nern.Tests.Data;

public sealed class CifarReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nern-cifar-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_takes_label_and_planes_of_cifar10_records()
    {
        var path = Write("some.bin", Record([7], first: 1), Record([0], first: 2));

        var set = CifarReader.Read(path, CifarFormat.Cifar10);

        Assert.Equal((2, 3, 32, 32, 10), (set.Count, set.Channels, set.Height, set.Width, set.Classes));
        Assert.Equal([7, 0], set.Labels.ToArray());
        Assert.Equal(Record([], first: 1), set.Image(0).ToArray());
        Assert.Equal(Record([], first: 2), set.Image(1).ToArray());
    }

    [Fact]
    public void Read_takes_the_fine_label_of_cifar100_records()
    {
        var path = Write("some.bin", Record([19, 99], first: 1), Record([3, 42], first: 2));

        var set = CifarReader.Read(path, CifarFormat.Cifar100);

        Assert.Equal(100, set.Classes);
        Assert.Equal([99, 42], set.Labels.ToArray());
        Assert.Equal(Record([], first: 2), set.Image(1).ToArray());
    }

    [Fact]
    public void Read_names_length_and_record_size_of_a_ragged_file()
    {
        var path = Write("ragged.bin", Record([1], first: 0), [1, 2, 3]);

        var e = Assert.Throws<NernException>(() => CifarReader.Read(path, CifarFormat.Cifar10));

        Assert.Contains("ragged.bin", e.Message);
        Assert.Contains("3076 bytes", e.Message);
        Assert.Contains("3073 bytes", e.Message);
    }

    [Theory]
    [InlineData(CifarFormat.Cifar10, new byte[] { 10 }, "label 10")]
    [InlineData(CifarFormat.Cifar100, new byte[] { 0, 100 }, "label 100")]
    public void Read_names_the_record_of_a_label_out_of_range(CifarFormat format, byte[] labels, string expected)
    {
        var path = Write("labels.bin", Record(new byte[labels.Length], first: 0), Record(labels, first: 0));

        var e = Assert.Throws<NernException>(() => CifarReader.Read(path, format));

        Assert.Contains("record 1;", e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Read_refuses_empty_and_missing_files()
    {
        var empty = Write("empty.bin");

        Assert.Contains("empty", Assert.Throws<NernException>(() => CifarReader.Read(empty, CifarFormat.Cifar10)).Message);
        Assert.Contains("gone.bin", Assert.Throws<NernException>(
            () => CifarReader.Read(Path.Combine(_folder, "gone.bin"), CifarFormat.Cifar10)).Message);
    }

    [Fact]
    public void ReadTrain_joins_the_batches_that_are_there_in_order()
    {
        Write("data_batch_4.bin", Record([4], first: 4));
        Write("data_batch_2.bin", Record([2], first: 2));
        Write("train.bin", Record([9], first: 9));

        Assert.Equal([2, 4], CifarReader.ReadTrain(_folder, CifarFormat.Cifar10).Labels.ToArray());
    }

    [Fact]
    public void ReadTrain_and_ReadTest_fall_back_on_single_files()
    {
        Write("train.bin", Record([0, 9], first: 9));
        Write("test.bin", Record([0, 8], first: 8));

        Assert.Equal([9], CifarReader.ReadTrain(_folder, CifarFormat.Cifar100).Labels.ToArray());
        Assert.Equal([8], CifarReader.ReadTest(_folder, CifarFormat.Cifar100).Labels.ToArray());
    }

    [Fact]
    public void ReadTrain_and_ReadTest_say_which_files_they_looked_for()
    {
        Assert.Contains("train.bin", Assert.Throws<NernException>(() => CifarReader.ReadTrain(_folder, CifarFormat.Cifar10)).Message);
        Assert.Contains("test_batch.bin", Assert.Throws<NernException>(() => CifarReader.ReadTest(_folder, CifarFormat.Cifar10)).Message);
        Assert.Contains("no folder", Assert.Throws<NernException>(
            () => CifarReader.ReadTest(Path.Combine(_folder, "gone"), CifarFormat.Cifar10)).Message);
    }

    [SkippableTheory]
    [InlineData("cifar10", CifarFormat.Cifar10, 8068, 1017)]
    [InlineData("cifar100", CifarFormat.Cifar100, 1117, 916)]
    public void Real_files_have_the_known_number_of_records(string folder, CifarFormat format, int train, int test)
    {
        var directory = RealData.Path(folder);

        Assert.Equal(train, CifarReader.ReadTrain(directory, format).Count);
        Assert.Equal(test, CifarReader.ReadTest(directory, format).Count);
    }

    private string Write(string name, params byte[][] parts)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, [.. parts.SelectMany(part => part)]);
        return path;
    }

    private static byte[] Record(byte[] labels, int first) =>
        [.. labels, .. Enumerable.Range(first, 3072).Select(i => (byte)(i * 7))];
}
