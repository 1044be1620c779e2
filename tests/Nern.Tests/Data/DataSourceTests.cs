using Nern.Data;
using Nern.Networks;

namespace Nern.Tests.Data;

public sealed class DataSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nern-source-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parse_reads_nothing_before_it_is_asked_for()
    {
        var source = DataSource.Parse("cifar10:" + Path.Combine(_folder, "gone"));

        Assert.Equal(CifarFormat.Cifar10, Assert.IsType<CifarSource>(source).Format);
        Assert.Throws<NernException>(() => source.Train);
    }

    [Fact]
    public void Parse_takes_a_folder_and_keeps_what_it_read()
    {
        File.WriteAllBytes(Path.Combine(_folder, "train.bin"), new byte[3074 * 2]);
        File.WriteAllBytes(Path.Combine(_folder, "test.bin"), new byte[3074]);

        var source = DataSource.Parse("cifar100:" + _folder);

        Assert.Equal((2, 1), (source.Train.Count, source.Test.Count));
        Assert.Same(source.Train, source.Train);
        Assert.Same(Normalization.Cifar100, source.DefaultNormalization);
        Assert.Equal("cifar100:" + _folder, source.ToString());
    }

    [Fact]
    public void Parse_takes_one_file_as_both_sets()
    {
        var path = Path.Combine(_folder, "some.bin");
        File.WriteAllBytes(path, new byte[3073 * 3]);

        var source = DataSource.Parse("cifar10:" + path);

        Assert.Equal(3, source.Test.Count);
        Assert.Same(source.Train, source.Test);
    }

    [Theory]
    [InlineData("emnist:folder", "emnist")]
    [InlineData("folder", "folder")]
    [InlineData("", "''")]
    public void Parse_names_the_known_schemes_when_one_is_unknown(string text, string found)
    {
        var e = Assert.Throws<NernException>(() => DataSource.Parse(text));

        Assert.Contains("cifar10:", e.Message);
        Assert.Contains("cifar100:", e.Message);
        Assert.Contains("shapes", e.Message);
        Assert.Contains(found, e.Message);
    }

    [Theory]
    [InlineData("cifar10:")]
    [InlineData("cifar10")]
    public void Parse_asks_for_a_missing_path(string text) =>
        Assert.Contains("cifar10:FOLDER", Assert.Throws<NernException>(() => DataSource.Parse(text)).Message);

    [Theory]
    [InlineData("shapes")]
    [InlineData("Shapes")]
    public void Parse_takes_the_built_in_pictures(string text)
    {
        var source = DataSource.Parse(text);

        Assert.Equal("shapes", source.ToString());
        Assert.Equal((ShapeImages.TrainCount, ShapeImages.TestCount), (source.Train.Count, source.Test.Count));
        Assert.Same(source.Test, source.Test);
        Assert.Same(ShapeImages.Normalization, source.DefaultNormalization);
    }

    [Theory]
    [InlineData("shapes:folder")]
    [InlineData("shapes:")]
    public void Parse_refuses_a_path_of_the_built_in_pictures(string text) =>
        Assert.Contains($"'{text}' should be shapes and nothing more", Assert.Throws<NernException>(() => DataSource.Parse(text)).Message);

    [Fact]
    public void From_completes_a_path_and_leaves_the_rest()
    {
        Assert.Equal("cifar10:/data/some/file.bin", DataSource.Parse("CIFAR10:file.bin").From("/data/some").ToString());
        Assert.Equal("cifar100:/there", DataSource.Parse("cifar100:/there").From("/data/some").ToString());
        Assert.Equal("shapes", DataSource.Parse("shapes").From("/data/some").ToString());
    }
}
